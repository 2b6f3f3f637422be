"""YAML in and out. In: only what JSON knows too, nothing that grows when read. Out: in the order and digits given."""

from collections.abc import Hashable, Iterator
from decimal import Decimal
from math import isfinite
from typing import Any, Final

import yaml

from aviary_common.errors import BadRequest, TooLarge
from aviary_orchestration.configs.content import MAX_BYTES, MAX_DEPTH, Content

NODE_WEIGHT: Final = 10
MAX_WEIGHT: Final = 3_000_000
"""In characters, with what a value weighs besides its own."""
LONG: Final = 50
"""Digits before or after the point, beyond which a number is written with an exponent."""
FLOAT: Final = "tag:yaml.org,2002:float"
TIMESTAMP: Final = "tag:yaml.org,2002:timestamp"


class Malformed(BadRequest):
    default_code = "malformed_config"


def load(text: str) -> Content:
    """Raises ``Malformed``. The events come first: the loader itself recurses, in C, as deep as it is told to."""
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise Malformed(f"is larger than {MAX_BYTES:,} bytes")
    try:
        _refuse_bombs(yaml.parse(text, Loader=_Loader))
        content = yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader with fewer types
    except (yaml.YAMLError, ValueError, TypeError, ArithmeticError, RecursionError) as error:
        raise Malformed(f"is not YAML that can be read: {' '.join(str(error).split())}") from error
    if not isinstance(content, dict):
        raise Malformed("is not a list of names and values")
    return {str(key): value for key, value in content.items()}


def dump(content: Content) -> str:
    try:
        text: str = yaml.dump(
            content, Dumper=_Dumper, sort_keys=False, allow_unicode=True, default_flow_style=False, width=2**16
        )
        size = len(text.encode())
    except UnicodeEncodeError:
        raise BadRequest("The config has characters that are no text.", code="bad_config") from None
    except yaml.YAMLError as error:
        raise BadRequest(f"The config cannot be written as YAML: {error}", code="bad_config") from error
    if size > MAX_BYTES:
        raise TooLarge(f"The config is larger than {MAX_BYTES:,} bytes.")
    return text


def _refuse_bombs(events: Iterator[yaml.Event]) -> None:
    """An alias weighs as much as what it repeats, so a few lines cannot become gigabytes."""
    depth = weight = 0
    weights: dict[str, int] = {}
    begun: list[tuple[str | None, int]] = []
    for event in events:
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in weights:
                raise ValueError(f"*{event.anchor} repeats what it is part of, or nothing")
            weight += weights[event.anchor]
        elif isinstance(event, yaml.CollectionStartEvent):
            begun.append((event.anchor, weight))
            weights.pop(event.anchor or "", None)
            depth, weight = depth + 1, weight + NODE_WEIGHT
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, since = begun.pop()
            depth -= 1
            weights[anchor or ""] = weight - since
        elif isinstance(event, yaml.ScalarEvent):
            weights[event.anchor or ""] = NODE_WEIGHT + len(event.value)
            weight += NODE_WEIGHT + len(event.value)
        if depth > MAX_DEPTH or weight > MAX_WEIGHT:
            raise ValueError("it is nested too deeply or has too many values")


class _Loader(yaml.CSafeLoader):
    """Times stay text, and fractions keep their digits."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        found = super().construct_mapping(node, deep=deep)
        return {float(key) if isinstance(key, Decimal) else key: value for key, value in found.items()}


class _Dumper(yaml.CSafeDumper):
    def ignore_aliases(self, _data: object) -> bool:
        return True


def _read_float(loader: _Loader, node: yaml.ScalarNode) -> object:
    number = float(loader.construct_yaml_float(node))
    if not isfinite(number):
        return str(node.value)
    text = str(node.value).replace("_", "")
    return number if ":" in text else Decimal(text)


def _write_decimal(dumper: _Dumper, number: Decimal) -> yaml.ScalarNode:
    """YAML 1.1 takes a number for a fraction by its point."""
    text = f"{number:f}" if abs(number.adjusted()) < LONG else f"{float(number):e}"
    return dumper.represent_scalar(FLOAT, text if "." in text else f"{text}.0")


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != TIMESTAMP]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
_Loader.yaml_constructors = {
    tag: constructor
    for tag, constructor in yaml.CSafeLoader.yaml_constructors.items()
    if tag is None or tag.rpartition(":")[2] in ("null", "bool", "int", "str", "seq", "map")
}
_Loader.add_constructor(FLOAT, _read_float)
_Dumper.add_representer(Decimal, _write_decimal)
