"""What services say to each other, as JSON schemas, and what a release may change of it.

During an upgrade both releases talk, and JetStream keeps a week of events: each must read what the other wrote.
"""

from collections.abc import Iterator
from typing import Any

from aviary_common.bus import Question
from aviary_messages import events, questions

Schema = dict[str, Any]
_WORDS = {"title", "description", "default", "examples"}


def schemas() -> dict[str, Schema]:
    """Of every event, every question and its answer."""
    told = {kind.subject: plain(kind.model_json_schema()) for kind in events.ALL}
    for kind in vars(questions).values():
        if isinstance(kind, type) and issubclass(kind, Question) and hasattr(kind, "subject"):
            told[kind.subject] = plain(kind.model_json_schema())
            told[f"{kind.subject} answer"] = plain(kind.answer.model_json_schema())
    return told


def objections(before: dict[str, Schema], now: dict[str, Schema]) -> list[str]:
    """What one of two releases could not read of the other."""
    gone = [f"{name} is gone" for name in before.keys() - now.keys()]
    return [*gone, *(each for name in before.keys() & now.keys() for each in _between(before[name], now[name], name))]


def _between(before: Schema, now: Schema, place: str) -> Iterator[str]:
    if "properties" not in before or "properties" not in now:
        kinds = [{key: value for key, value in each.items() if key not in ("items", "anyOf")} for each in (before, now)]
        if kinds[0] != kinds[1] or len(_parts(before)) != len(_parts(now)):
            yield f"{place} is of another type: {before} became {now}"
            return
        for old, new in zip(_parts(before), _parts(now), strict=True):
            yield from _between(old, new, place)
        return
    for name in set(before.get("required", ())) - now["properties"].keys():
        yield f"{place}.{name} is gone, and the release before needs it"
    for name in set(now.get("required", ())) - set(before.get("required", ())):
        yield f"{place}.{name} is required, and the release before does not tell it"
    for name in before["properties"].keys() & now["properties"].keys():
        yield from _between(before["properties"][name], now["properties"][name], f"{place}.{name}")


def _parts(schema: Schema) -> list[Schema]:
    return [*schema.get("anyOf", []), *([schema["items"]] if "items" in schema else [])]


def plain(schema: Any, definitions: Schema | None = None) -> Any:
    """Without words, and with what it refers to in its place."""
    if isinstance(schema, list):
        return [plain(each, definitions) for each in schema]
    if not isinstance(schema, dict):
        return schema
    known = definitions if definitions is not None else schema.get("$defs", {})
    if "$ref" in schema:
        return plain(known[schema["$ref"].rpartition("/")[2]], known)
    kept = {}
    for key, value in schema.items():
        if key == "properties":
            kept[key] = {name: plain(each, known) for name, each in value.items()}
        elif key not in _WORDS and key != "$defs":
            kept[key] = plain(value, known)
    return kept
