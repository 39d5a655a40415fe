"""YAML into which blocks are pasted: a key that stands twice holds what both blocks hold."""

from typing import Any

import yaml


def load_merging(text: str) -> Any:
    """YAML in which a block may be pasted below: a key that stands twice holds both blocks.

    Raises
    ------
    yaml.YAMLError
        It is no YAML, or a key that stands twice holds two different values.
    """
    loader = yaml.SafeLoader(text)
    try:
        node = loader.get_single_node()
        return None if node is None else loader.construct_document(_merged(node))
    finally:
        loader.dispose()


def _merged(node: yaml.Node) -> yaml.Node:
    if isinstance(node, yaml.SequenceNode):
        node.value = [_merged(part) for part in node.value]
    if not isinstance(node, yaml.MappingNode):
        return node
    seen: dict[str, tuple[yaml.Node, yaml.Node]] = {}
    for key, value in node.value:
        name = str(key.value)
        first = seen.setdefault(name, (key, value))[1]
        if first is value:
            continue
        if isinstance(first, yaml.MappingNode) and isinstance(value, yaml.MappingNode):
            first.value = first.value + value.value
        elif first.value != value.value:
            raise yaml.constructor.ConstructorError(
                None, None, f"{name!r} stands twice, with different values", key.start_mark
            )
    node.value = [(key, _merged(value)) for key, value in seen.values()]
    return node
