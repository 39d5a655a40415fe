"""The YAML that ships with the exports: formats and regions."""

from importlib.resources.abc import Traversable
from typing import Any

import yaml

# The parser in C reads the same a dozen times faster; PyYAML is also installed without it.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def shipped_yaml(path: Traversable) -> Any:
    """What the file holds."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)
