"""The HTTP API, a page for each tag, from the committed document."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from docs.site.tables import code, table

Document = Mapping[str, Any]
COMMITTED = Path(__file__).parents[1] / "openapi.json"
METHODS = ("get", "post", "put", "patch", "delete")


def pages() -> Mapping[str, str]:
    """Markdown by the file's name, in the order of the document."""
    document = read()
    by_tag: dict[str, list[str]] = defaultdict(list)
    for path, method, operation in operations(document):
        by_tag[(operation.get("tags") or ["Other"])[0]].append(_operation(method, path, operation, document))
    return {_file(tag): _page(tag, "\n".join(texts), document) for tag, texts in by_tag.items()}


def common_answers() -> str:
    rows = sorted(_common(read()))
    return table(("status", "meaning"), rows)


@cache
def read() -> Document:
    found: Document = json.loads(COMMITTED.read_text())
    return found


def operations(document: Document) -> Iterator[tuple[str, str, Document]]:
    for path, operations in document["paths"].items():
        for method in METHODS:
            if method in operations:
                yield path, method, operations[method]


def _common(document: Document) -> set[tuple[str, str]]:
    """What more than half of all operations may answer besides success: told once, for all."""
    told = Counter(
        (status, answer.get("description", ""))
        for _, _, operation in operations(document)
        for status, answer in operation["responses"].items()
        if not status.startswith("2")
    )
    half = sum(1 for _ in operations(document)) / 2
    return {answer for answer, count in told.items() if count > half}


def _file(tag: str) -> str:
    return tag.lower().replace(" ", "-").replace("'", "") + ".md"


def _page(tag: str, operations: str, document: Document) -> str:
    return f"# {tag}\n\n{operations}\n{_forms(operations, document)}"


def _forms(text: str, document: Document) -> str:
    """The schemas that a text names, and those that they name."""
    known = document["components"]["schemas"]
    told: dict[str, str] = {}
    while missing := sorted(set(re.findall(r"\]\(#form-(\w+)\)", text)) - told.keys()):
        told |= {name.lower(): "" for name in missing}
        for name in known:
            if name.lower() in missing:
                told[name.lower()] = _form(name, known[name], document)
        text = "".join(told.values())
    return "## Forms\n\n" + "\n".join(told[name] for name in sorted(told)) if told else ""


def _form(name: str, schema: Document, document: Document) -> str:
    rows = list(_fields(schema, document))
    text = (schema.get("description") or "").replace("``", "`")
    body = table(("field", "type", "meaning"), rows) if rows else _type(schema, document)
    return f"### {name} {{ #form-{name.lower()} }}\n\n{text}\n\n{body}\n"


def _operation(method: str, path: str, operation: Document, document: Document) -> str:
    parts = [
        f"## {method.upper()} {path}",
        operation.get("description") or operation.get("summary") or "",
        _parameters(operation, document),
        _body(operation, document),
        _answers(operation, document),
    ]
    return "\n\n".join(part.strip() for part in parts if part) + "\n"


def _parameters(operation: Document, document: Document) -> str:
    found = [_resolved(each, document) for each in operation.get("parameters", [])]
    rows = [
        (
            code(each["name"]),
            each["in"],
            _type(each.get("schema", {}), document),
            _remarks(each, each.get("schema", {})),
        )
        for each in found
    ]
    return "**Parameters**\n\n" + table(("name", "in", "type", "meaning"), rows) if rows else ""


def _body(operation: Document, document: Document) -> str:
    content = _resolved(operation.get("requestBody", {}), document).get("content", {})
    for kind, media in content.items():
        rows = list(_fields(media.get("schema", {}), document))
        head = f"**Body** ({code(kind)}): {_type(media.get('schema', {}), document)}"
        return head + ("\n\n" + table(("field", "type", "meaning"), rows) if rows else "")
    return ""


def _answers(operation: Document, document: Document) -> str:
    common = _common(document)
    rows = []
    for status, answer in sorted(operation["responses"].items()):
        text = answer.get("description", "")
        if (status, text) not in common:
            media: Document = next(iter(answer.get("content", {}).values()), {})
            schema = media.get("schema", {})
            rows.append((status, text.replace("Successful Response", "Done"), _type(schema, document)))
    return "**Answers**\n\n" + table(("status", "meaning", "form"), rows)


def _fields(schema: Document, document: Document) -> Iterator[tuple[str, str, str]]:
    """Of an object, or of the one object that something is unless it is left out."""
    resolved = _resolved(schema, document)
    several = [each for each in resolved.get("anyOf", ()) if each.get("type") != "null"]
    if len(several) == 1:
        resolved = _resolved(several[0], document)
    required = resolved.get("required", ())
    for name, field in resolved.get("properties", {}).items():
        yield code(name), _type(field, document), _remarks({"required": name in required, **field}, field)


def _remarks(told: Document, schema: Document) -> str:
    default = schema.get("default")
    notes = [
        "required" if told.get("required") is True else "",
        f"{json.dumps(default)} unless told" if default is not None else "",
        (told.get("description") or schema.get("description") or "").replace("``", "`"),
    ]
    return "; ".join(note for note in notes if note)


def _type(schema: Document, document: Document) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        values = _resolved(schema, document).get("enum")
        return _values(values) if values else f"[`{name}`](#form-{name.lower()})"
    if "const" in schema:
        return _values([schema["const"]])
    if "enum" in schema:
        return _values(schema["enum"])
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            kinds = dict.fromkeys(_type(each, document) for each in schema[several])
            return " or ".join(kind for kind in kinds if kind != "null") or "null"
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}), document) or 'anything'}"
    return str(schema.get("type", ""))


def _values(values: list[Any]) -> str:
    return ", ".join(code(str(value)) for value in values)


def _resolved(part: Document, document: Document) -> Document:
    while "$ref" in part:
        found: Any = document
        for step in part["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        part = found
    return part
