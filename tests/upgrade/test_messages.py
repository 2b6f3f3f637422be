"""Messages of the release before are read by this one, and the other way round."""

import json
from pathlib import Path

import pytest
from pydantic import create_model

from tests.upgrade.messages import Schema, objections, plain, schemas

RELEASES = sorted(Path(__file__).with_name("releases").glob("*/messages.json"))


@pytest.mark.parametrize("snapshot", RELEASES, ids=lambda path: path.parent.name)
def test_messages_only_grow(snapshot: Path) -> None:
    assert objections(json.loads(snapshot.read_text()), schemas()) == []


def test_there_is_a_release_to_compare_with() -> None:
    assert RELEASES
    assert "aviary.trading.order.filled" in json.loads(RELEASES[-1].read_text())


def model(**fields: object) -> dict[str, Schema]:
    return {"it": plain(create_model("It", **fields).model_json_schema())}  # type: ignore[call-overload]


BEFORE = model(name=(str, ...), price=(int | None, None), tags=(list[str], ...))


@pytest.mark.parametrize(
    "now",
    [
        {},
        model(price=(int | None, None), tags=(list[str], ...)),
        model(name=(int, ...), price=(int | None, None), tags=(list[str], ...)),
        model(name=(str, ...), price=(int, 0), tags=(list[str], ...)),
        model(name=(str, ...), price=(int | None, None), tags=(list[int], ...)),
        model(name=(str, ...), price=(int | None, None), tags=(list[str], ...), more=(str, ...)),
    ],
)
def test_what_the_other_release_cannot_read_is_told(now: dict[str, Schema]) -> None:
    assert objections(BEFORE, now)


def test_a_field_with_a_default_may_come() -> None:
    now = model(name=(str, ...), price=(int | None, None), tags=(list[str], ...), more=(str, "none"))
    assert objections(BEFORE, now) == []
