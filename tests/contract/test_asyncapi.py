"""The events' AsyncAPI document. No package carries the official schema of AsyncAPI 3.0: what it says of the parts that
we use is checked here."""

from difflib import unified_diff
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from aviary_messages.asyncapi import document
from aviary_messages.events import ALL
from tests.contract.references import references

from . import asyncapi

MADE = document()


def at(reference: str) -> Any:
    """KeyError when it leads nowhere."""
    found: Any = MADE
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    return found


def test_the_committed_document_is_the_one_that_the_messages_make() -> None:
    committed = asyncapi.PATH.read_text().splitlines()
    changes = list(unified_diff(committed, asyncapi.as_text(MADE).splitlines(), "docs/asyncapi.yaml", "now"))
    assert not changes, "run `make events` and review the difference:\n" + "\n".join(changes[:100])


def test_every_event_has_its_channel() -> None:
    assert {channel["address"] for channel in MADE["channels"].values()} == {kind.subject for kind in ALL}


def test_every_reference_leads_somewhere() -> None:
    found = list(references(MADE))
    assert found
    for reference in found:
        at(reference)


def test_the_parts_are_those_of_the_standard() -> None:
    assert MADE["asyncapi"] == "3.0.0"
    assert MADE["info"].keys() >= {"title", "version"}
    for server in MADE["servers"].values():
        assert server.keys() >= {"host", "protocol"}
    for operation in MADE["operations"].values():
        assert operation["action"] in ("send", "receive")
        channel = operation["channel"]["$ref"]
        assert at(channel)["address"]
        assert all(message["$ref"].startswith(f"{channel}/messages/") for message in operation["messages"])


@pytest.mark.parametrize("name", MADE["components"]["schemas"])
def test_payloads_are_described_by_json_schemas(name: str) -> None:
    Draft202012Validator.check_schema(MADE["components"]["schemas"][name])
