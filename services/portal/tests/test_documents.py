import asyncio
from collections.abc import AsyncIterator, Iterator
from copy import deepcopy
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aviary_portal.documents import KEEP_S, RETRY_S, SCHEMAS, Documents, merge

from .conftest import Process

Document = dict[str, Any]
OWN: Document = {"info": {"title": "Aviary portal"}, "paths": {"/": {"get": {"operationId": "about"}}}}


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


class Elsewhere:
    """A service that answers what the test says, and counts."""

    def __init__(self) -> None:
        self.asked = 0
        self.answer = httpx.Response(200, json=part("elsewhere", "/elsewhere"))

    def __call__(self, _request: httpx.Request) -> httpx.Response:
        self.asked += 1
        return self.answer


def part(title: str, path: str, operation: str | None = None, **schemas: Any) -> Document:
    """A document with one operation, which refers to all its schemas."""
    references = [{"$ref": SCHEMAS + name} for name in schemas]
    return {
        "openapi": "3.1.0",
        "info": {"title": title},
        "paths": {path: {"get": {"operationId": operation or title, "answer": {"anyOf": references}}}},
        "components": {"schemas": schemas},
    }


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for item in value.values():
            yield from references(item)
    elif isinstance(value, list):
        for item in value:
            yield from references(item)
    elif isinstance(value, str) and value.startswith(SCHEMAS):
        yield value.removeprefix(SCHEMAS)


def resolved(document: Document, value: Any) -> Any:
    """With every reference replaced by what it leads to."""
    if isinstance(value, dict) and "$ref" in value:
        return resolved(document, document["components"]["schemas"][value["$ref"].removeprefix(SCHEMAS)])
    if isinstance(value, dict):
        return {key: resolved(document, item) for key, item in value.items()}
    return [resolved(document, item) for item in value] if isinstance(value, list) else value


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def elsewhere() -> Elsewhere:
    return Elsewhere()


@pytest.fixture
async def documents(elsewhere: Elsewhere, clock: Clock) -> AsyncIterator[Documents]:
    async with httpx.AsyncClient(transport=httpx.MockTransport(elsewhere)) as client:
        yield Documents({"elsewhere": "http://elsewhere"}, client, OWN, clock)


async def test_a_killed_service_keeps_its_part_and_a_new_one_is_read_when_it_is_up(
    behind: dict[str, Process], clock: Clock
) -> None:
    directory = {name: process.url for name, process in behind.items()}
    async with httpx.AsyncClient() as client:
        documents = Documents(directory, client, OWN, clock)
        complete = (await documents.merged())["paths"]
        behind["gateway-proxy"].kill()
        try:
            clock.now += KEEP_S
            assert (await documents.merged())["paths"] == complete
            fresh = Documents(directory, client, OWN, clock)
            assert "/gateway/status" not in (await fresh.merged())["paths"]
        finally:
            behind["gateway-proxy"].start()
        clock.now += RETRY_S
        assert (await fresh.merged())["paths"] == complete


async def test_a_complete_document_is_kept_for_a_minute(
    documents: Documents, elsewhere: Elsewhere, clock: Clock
) -> None:
    for now, asked in ((0.0, 1), (KEEP_S - 0.1, 1), (KEEP_S, 2)):
        clock.now = now
        await documents.merged()
        assert elsewhere.asked == asked


async def test_an_incomplete_document_is_read_again_soon_but_not_by_every_reader(
    documents: Documents, elsewhere: Elsewhere, clock: Clock
) -> None:
    elsewhere.answer = httpx.Response(503)
    await asyncio.gather(*(documents.merged() for _ in range(20)))
    assert elsewhere.asked == 1
    elsewhere.answer = httpx.Response(200, json=part("elsewhere", "/elsewhere"))
    clock.now = RETRY_S
    assert "/elsewhere" in (await documents.merged())["paths"]


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(500),
        httpx.Response(404, json={"detail": "x"}),
        httpx.Response(200, text="<html>"),
        httpx.Response(200, json=[]),
        httpx.Response(200, json={"detail": "x"}),
    ],
    ids=["500", "404", "HTML", "a list", "another object"],
)
async def test_an_answer_that_is_no_document_counts_as_none(
    documents: Documents, elsewhere: Elsewhere, answer: httpx.Response
) -> None:
    elsewhere.answer = answer
    assert (await documents.merged())["paths"].keys() == {"/"}


def test_equal_schemas_of_one_name_are_one() -> None:
    same = {"type": "object"}
    merged = merge([part("One", "/1", Message=same), part("Two", "/2", Message=deepcopy(same))])
    assert merged["components"]["schemas"] == {"Message": same}


def test_a_taken_name_is_renamed_with_everything_that_refers_to_it() -> None:
    one = part("One", "/1", Message={"title": "first"})
    two = part("Part two", "/2", Message={"title": "second"}, List={"items": {"$ref": f"{SCHEMAS}Message"}})
    merged = merge([one, two])
    assert merged["components"]["schemas"] == {
        "Message": {"title": "first"},
        "Message_Parttwo": {"title": "second"},
        "List": {"items": {"$ref": f"{SCHEMAS}Message_Parttwo"}},
    }
    assert set(references(merged["paths"]["/1"])) == {"Message"}
    assert set(references(merged["paths"]["/2"])) == {"Message_Parttwo", "List"}


def test_schemas_of_equal_text_that_refer_to_different_things_stay_apart() -> None:
    page = {"items": {"$ref": f"{SCHEMAS}Row"}}
    merged = merge(
        [
            part("One", "/1", Row={"title": "order"}, Page=page),
            part("Two", "/2", Row={"title": "trade"}, Page=deepcopy(page)),
        ]
    )
    schemas = merged["components"]["schemas"]
    assert schemas["Page"] == page
    assert schemas["Page_Two"] == {"items": {"$ref": f"{SCHEMAS}Row_Two"}}
    assert set(references(merged["paths"]["/2"])) == {"Row_Two", "Page_Two"}


def test_the_mapping_of_a_discriminator_follows_the_renaming() -> None:
    choice = {"discriminator": {"mapping": {"a": f"{SCHEMAS}A"}}}
    merged = merge([part("One", "/1", A={"title": "first"}), part("Two", "/2", A={"title": "second"}, Choice=choice)])
    assert merged["components"]["schemas"]["Choice"]["discriminator"]["mapping"] == {"a": f"{SCHEMAS}A_Two"}


def test_merging_changes_no_part() -> None:
    parts = [part("One", "/1", A={"title": "first"}), part("Two", "/2", "One", A={"title": "second"})]
    before = deepcopy(parts)
    merge(parts)
    assert parts == before


def test_a_taken_operation_id_gets_a_number() -> None:
    merged = merge([part(title, f"/{title}", "list_all") for title in ("one", "two", "three")])
    ids = [operations["get"]["operationId"] for operations in merged["paths"].values()]
    assert ids == ["list_all", "list_all_2", "list_all_3"]


names = st.sampled_from("ABC")
schemas = st.dictionaries(
    names,
    st.builds(lambda title, refs: {"title": title, "refs": refs}, st.sampled_from("xy"), st.sets(names)),
    max_size=3,
)


@settings(suppress_health_check=[HealthCheck.too_slow])  # the machine may be busy
@given(st.lists(schemas, min_size=1, max_size=4))
def test_every_part_means_after_merging_what_it_meant_before(drawn: list[dict[str, Any]]) -> None:
    """Schemas refer to later names only, so that resolving them ends."""
    parts = [
        part(
            f"Part {number}",
            f"/{number}",
            **{
                name: {
                    "title": schema["title"],
                    "of": [
                        {"$ref": SCHEMAS + other} for other in sorted(schema["refs"]) if other > name and other in own
                    ],
                }
                for name, schema in own.items()
            },
        )
        for number, own in enumerate(drawn)
    ]
    merged = merge(parts)
    assert set(references(merged)) <= merged["components"]["schemas"].keys()
    for document in parts:
        for path, operations in document["paths"].items():
            theirs = resolved(document, operations["get"]["answer"])
            assert resolved(merged, merged["paths"][path]["get"]["answer"]) == theirs
