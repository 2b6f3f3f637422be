"""The one OpenAPI document that the portal makes of all services' documents."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI

from aviary_portal.documents import merge

from .test_endpoints import documented, without_names


@pytest.fixture(scope="module")
def merged(apps: dict[str, FastAPI]) -> dict[str, Any]:
    return merge([app.openapi() for app in apps.values()])


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(reference := value.get("$ref"), str):
            yield reference
        for item in value.values():
            yield from references(item)
    elif isinstance(value, list):
        for item in value:
            yield from references(item)


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def test_every_endpoint_of_every_service_is_in_it(merged: dict[str, Any], apps: dict[str, FastAPI]) -> None:
    expected = {endpoint for app in apps.values() for endpoint in documented(app)}
    assert {(method, path) for method, path, _ in operations(merged)} == expected


def test_every_reference_leads_somewhere(merged: dict[str, Any]) -> None:
    known = {f"#/components/schemas/{name}" for name in merged["components"]["schemas"]}
    found = set(references(merged))
    assert found
    assert found <= known


def test_operation_ids_are_unique(merged: dict[str, Any]) -> None:
    counted = Counter(operation["operationId"] for _, _, operation in operations(merged))
    assert [name for name, times in counted.items() if times > 1] == []


def test_every_endpoint_says_what_it_is_and_takes_the_login(merged: dict[str, Any]) -> None:
    assert merged["security"] == [{"login": []}, {"bearer": []}, {"key": []}]
    assert merged["components"]["securitySchemes"]["login"] == {"type": "http", "scheme": "basic"}
    for method, path, operation in operations(merged):
        assert operation["summary"], (method, path)
        assert operation["tags"], (method, path)


def test_every_path_parameter_is_declared(merged: dict[str, Any]) -> None:
    for _, path, operation in operations(merged):
        declared = {entry["name"] for entry in operation.get("parameters", []) if entry["in"] == "path"}
        not_yet = "501" in operation["responses"]
        assert not_yet or declared == {part.strip("{}") for part in path.split("/") if part.startswith("{")}


def test_no_schema_had_to_be_renamed_because_two_services_mean_different_things(
    merged: dict[str, Any], apps: dict[str, FastAPI]
) -> None:
    own = {name for app in apps.values() for name in app.openapi().get("components", {}).get("schemas", {})}
    assert merged["components"]["schemas"].keys() == own


def test_no_two_paths_differ_only_in_the_names_of_their_parameters(merged: dict[str, Any]) -> None:
    forms = Counter((method, without_names(path)) for method, path, _ in operations(merged))
    assert [form for form, times in forms.items() if times > 1] == []
