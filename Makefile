# The two commands that always work: make demo, make test. Both set up .venv from the lock first.
PYTHON ?= python3
ifeq ($(OS),Windows_NT)
BIN := .venv/Scripts
else
BIN := .venv/bin
endif
# Imports are 2-10 times slower where bytecode is not written.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test lint tests hunt bench truth lock clean

demo: .venv/ready
	$(BIN)/goulot demo

test: lint tests

lint: .venv/ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

tests: .venv/ready
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile

# What `make test` tries on exports a few dozen times, thousands of times (an hour of two cores).
hunt: .venv/ready
	HYPOTHESIS_PROFILE=hunt $(BIN)/python -m pytest tests/test_exports_hunt.py --numprocesses auto

# Speed and memory as ratios, measured in one run (ten minutes): make bench PARTS="import" MILLIONS="1"
MILLIONS ?= 1 10
bench: .venv/ready
	$(BIN)/python tests/bench $(PARTS) --millions $(MILLIONS)

# Every step against simulated companies whose truth is known: minutes, not seconds.
truth: .venv/ready
	$(BIN)/python tests/truth

.venv/ready: requirements.lock pyproject.toml
	$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'Goulot needs Python 3.11 or newer: make PYTHON=python3.12')"
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	$(BIN)/python -c "import pathlib; pathlib.Path('.venv/ready').touch()"

# The newest versions that fit pyproject.toml, with hashes and without an index address.
# rfc3987-syntax is left out: nothing here uses it and importing it takes seconds.
lock:
	$(PYTHON) -m venv .venv/uv && .venv/uv/bin/pip install --quiet uv
	echo "rfc3987-syntax ; python_version < '3'" > .venv/overrides.txt
	.venv/uv/bin/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate \
		--override .venv/overrides.txt --upgrade --output-file requirements.lock

clean:
	rm -rf .venv
