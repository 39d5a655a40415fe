"""pyproject.toml, requirements.lock and environment.yml name the same packages."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
CONDA_NAMES = {
    "python-duckdb": "duckdb",
    "playwright-python": "playwright",
    "python-typst": "typst",
}
CONDA_ONLY = {"python", "pip"}


def declared() -> dict[str, Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lines = project["dependencies"] + project["optional-dependencies"]["dev"]
    return {requirement.name: requirement for requirement in map(Requirement, lines)}


def locked() -> dict[str, list[str]]:
    """Versions by package: more than one where they differ by Python version."""
    found: dict[str, list[str]] = {}
    pattern = re.compile(r"^([\w.-]+)==([^\s;\\]+)", re.MULTILINE)
    for name, version in pattern.findall((ROOT / "requirements.lock").read_text()):
        found.setdefault(name, []).append(version)
    return found


def conda() -> dict[str, Requirement]:
    lines = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    requirements = [Requirement(line) for line in lines]
    return {CONDA_NAMES.get(r.name, r.name): r for r in requirements if r.name not in CONDA_ONLY}


@pytest.mark.parametrize("name", declared())
def test_what_is_declared_is_locked_at_a_version_that_fits(name):
    versions = locked()[name]
    assert all(declared()[name].specifier.contains(version) for version in versions)


def test_conda_users_get_the_same_packages():
    ours = {name: str(requirement.specifier) for name, requirement in declared().items()}
    assert {name: str(r.specifier) for name, r in conda().items()} == ours


def test_the_lock_has_hashes_and_no_address():
    text = (ROOT / "requirements.lock").read_text()
    assert not re.search(r"://|--(extra-)?index-url|--find-links", text)
    pinned = re.findall(r"^[\w.-]+==.*$", text, re.MULTILINE)
    assert all(line.endswith("\\") for line in pinned)  # its hashes follow
    assert text.count("--hash=sha256:") >= len(pinned)


def test_the_grammar_that_slows_every_start_is_left_out():
    assert "rfc3987-syntax" not in locked()
