"""Goulot: distribution-first strategy reviews, from a client's exports to the report."""

import os
import sys

# Our arrays are small and two notebooks run at once: threads that wait for one another made fits
# 40 times slower. It must be set before numpy is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# jsonschema tries to import this grammar, which takes seconds and which nothing here uses.
sys.modules.setdefault("rfc3987_syntax", None)

__version__ = "0.1.0"
