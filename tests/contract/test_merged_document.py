"""The one OpenAPI document that the portal makes of all services' documents."""

import re
from collections import Counter
from collections.abc import Iterator
from difflib import unified_diff
from typing import Any, Final

import pytest
from fastapi import FastAPI
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from tests.contract.references import references

from . import openapi
from .test_endpoints import documented, without_names

VERBS = {
    "add", "approve", "archive", "cancel", "clean", "clear", "close", "collect", "create", "delete", "deploy",
    "diagnose", "estimate", "execute", "export", "find", "follow", "get", "import", "lift", "list", "open", "place",
    "poll", "pull", "put", "quote", "release", "remove", "replace", "reset", "restart", "revoke", "run", "save",
    "search", "set", "start", "stop", "stream", "unwrap", "update", "upload", "validate", "verify", "wrap",
}  # fmt: skip


@pytest.fixture(scope="module")
def merged(apps: dict[str, FastAPI]) -> dict[str, Any]:
    return openapi.merged(apps)


ROOT: Final = "urn:openapi"


def rooted(value: Any) -> Any:
    """The schema with references into the document."""
    if isinstance(value, dict):
        return {key: ROOT + item if key == "$ref" else rooted(item) for key, item in value.items()}
    return [rooted(item) for item in value] if isinstance(value, list) else value


def examples_of(schema: dict[str, Any], document: dict[str, Any]) -> Iterator[Any]:
    """Of the schema, of what it refers to, and of its alternatives."""
    yield from schema.get("examples", [])
    if reference := schema.get("$ref"):
        yield from examples_of(document["components"]["schemas"][reference.rpartition("/")[2]], document)
    for alternative in schema.get("anyOf", []):
        yield from examples_of(alternative, document)


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def test_every_endpoint_of_every_service_is_in_it(merged: dict[str, Any], apps: dict[str, FastAPI]) -> None:
    expected = {endpoint for app in apps.values() for endpoint in documented(app)}
    assert {(method, path) for method, path, _ in operations(merged)} == expected


def test_every_reference_leads_somewhere(merged: dict[str, Any]) -> None:
    kinds = ("schemas", "responses")
    known = {f"#/components/{kind}/{name}" for kind in kinds for name in merged["components"][kind]}
    found = set(references(merged))
    assert found
    assert found <= known


def test_the_committed_document_is_the_one_that_the_services_make(merged: dict[str, Any]) -> None:
    committed = openapi.PATH.read_text().splitlines()
    changes = list(unified_diff(committed, openapi.as_text(merged).splitlines(), "docs/openapi.json", "now", n=3))
    assert not changes, "run `make openapi` and review the difference:\n" + "\n".join(changes[:200])


def test_the_committed_document_is_small_enough_to_be_read(merged: dict[str, Any]) -> None:
    assert len(openapi.as_text(merged)) < 1_000_000


def test_operation_ids_say_what_is_done_and_none_had_to_be_renumbered(
    merged: dict[str, Any], apps: dict[str, FastAPI]
) -> None:
    ids = [operation["operationId"] for _, _, operation in operations(merged)]
    own = [operation["operationId"] for app in apps.values() for _, _, operation in operations(app.openapi())]
    assert sorted(ids) == sorted(own) == sorted(set(own))
    assert [name for name in ids if name.split("_")[0] not in VERBS or not re.fullmatch("[a-z]+(_[a-z]+)+", name)] == []


def test_sections_are_described_and_come_in_the_order_of_the_reference(merged: dict[str, Any]) -> None:
    told = [tag["name"] for tag in merged["tags"]]
    used = [tag for _, _, operation in operations(merged) for tag in operation["tags"]]
    assert list(dict.fromkeys(used)) == told
    assert all(tag["description"].endswith(".") for tag in merged["tags"])


def test_every_body_has_an_example_that_is_right(merged: dict[str, Any]) -> None:
    """Of a file there is none."""
    registry = Registry().with_resource(ROOT, Resource.from_contents(merged, DRAFT202012))
    for method, path, operation in operations(merged):
        schema = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
        if schema is None:
            continue
        found = list(examples_of(schema, merged))
        assert found, f"{method} {path} shows no example of its body"
        for example in found:
            Draft202012Validator(rooted(schema), registry=registry).validate(example)


def test_what_is_shown_as_an_example_is_one(merged: dict[str, Any]) -> None:
    registry = Registry().with_resource(ROOT, Resource.from_contents(merged, DRAFT202012))
    shown = {name: schema for name, schema in merged["components"]["schemas"].items() if "examples" in schema}
    assert len(shown) > 60
    for schema in shown.values():
        for example in schema["examples"]:
            Draft202012Validator(rooted(schema), registry=registry).validate(example)


def test_every_schema_has_a_name_of_its_own(merged: dict[str, Any]) -> None:
    """FastAPI puts the module before a name that two models of one service have."""
    assert [name for name in merged["components"]["schemas"] if "__" in name] == []


def test_every_endpoint_says_what_it_is_and_takes_the_login(merged: dict[str, Any]) -> None:
    assert merged["security"] == [{"login": []}, {"bearer": []}, {"key": []}]
    assert merged["components"]["securitySchemes"]["login"] == {"type": "http", "scheme": "basic"}
    for method, path, operation in operations(merged):
        assert operation["summary"], (method, path)
        assert operation["description"], (method, path)
        assert operation["tags"], (method, path)


def test_every_path_parameter_is_declared(merged: dict[str, Any]) -> None:
    for _, path, operation in operations(merged):
        declared = {entry["name"] for entry in operation.get("parameters", []) if entry["in"] == "path"}
        assert declared == {part.strip("{}") for part in path.split("/") if part.startswith("{")}


def test_no_schema_had_to_be_renamed_because_two_services_mean_different_things(
    merged: dict[str, Any], apps: dict[str, FastAPI]
) -> None:
    own = {name for app in apps.values() for name in app.openapi().get("components", {}).get("schemas", {})}
    assert merged["components"]["schemas"].keys() == own


def test_no_two_paths_differ_only_in_the_names_of_their_parameters(merged: dict[str, Any]) -> None:
    forms = Counter((method, without_names(path)) for method, path, _ in operations(merged))
    assert [form for form, times in forms.items() if times > 1] == []
