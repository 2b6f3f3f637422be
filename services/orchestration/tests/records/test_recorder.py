"""What bots say is written down once, and what cannot be does not keep the rest from it."""

import secrets
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import httpx
import orjson
import pytest
from sqlalchemy import select

from aviary_common.bus import Bus, Capture, Captured
from aviary_common.database import Database
from aviary_orchestration.records.recorder import MAX_TEXT, Recorder
from aviary_orchestration.records.tables import bot_event, bot_log

NOW = datetime(2026, 1, 1, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("api")


class Played(Bus):
    """A bus that has captured these messages."""

    def __init__(self, messages: Sequence[Captured]) -> None:
        self._messages = messages

    async def capture(self, _captured: Capture, handler: Callable[[Sequence[Captured]], Awaitable[None]]) -> None:
        await handler(self._messages)


@pytest.fixture
def bot() -> str:
    return f"said-{secrets.token_hex(4)}"


def line(**values: Any) -> bytes:
    known = {"timestamp": 1_767_225_600.5, "level_no": 20, "level_name": "INFO", "logger_name": "bot", "msg": "fine"}
    return orjson.dumps(known | values)


async def written(database: Database, bot: str) -> tuple[list[Any], list[Any]]:
    async with database.single() as connection:
        found = [
            (await connection.execute(select(*table.c).where(table.c.bot_name == bot).order_by(table.c.id))).all()
            for table in (bot_log, bot_event)
        ]
    return list(found[0]), list(found[1])


async def said(database: Database, bot: str, messages: list[tuple[str, bytes]], first: int | None = None) -> Any:
    """What stands in the database when all these and a last word have come at once."""
    number = secrets.randbits(48) if first is None else first
    captured = [
        Captured(f"hbot.{bot}.{topic}", raw, number + place, NOW)
        for place, (topic, raw) in enumerate([*messages, ("log", line(msg="the last word"))])
    ]
    await Recorder(Played(captured), database).record_forever()
    return await written(database, bot)


async def test_lines_and_events_are_written_down(database: Database, bot: str, api: httpx.AsyncClient) -> None:
    event = {"type": "OrderFailure", "order_id": "1", "price": 0.1}
    messages = [("log", line(level_no=40)), ("events", orjson.dumps(event)), ("notify", b'{"msg": "hello"}')]
    lines, events = await said(database, bot, messages)
    assert [(each.level_no, each.msg) for each in lines] == [(40, "fine"), (20, "the last word")]
    assert [(each.topic, each.type) for each in events] == [("events", "OrderFailure"), ("notify", "notify")]
    assert events[0].data == event
    told = (await api.get(f"/bot-orchestration/{bot}/events")).json()["data"]
    assert [(each["type"], each["data"]) for each in told] == [("OrderFailure", event)]


async def test_garbage_keeps_nothing_from_being_written(database: Database, bot: str) -> None:
    deep = b'{"a":' * 500 + b"1" + b"}" * 500
    surrogate = b'{"msg": "\\ud800", "x": NaN}'
    garbage = [b"", b"\xff\xfe", b"[]", b"[" * 100_000, b'"\\ud800"', surrogate, deep]
    messages = [(topic, raw) for raw in garbage for topic in ("log", "events", "notify", "status_updates")]
    lines, events = await said(database, bot, messages)
    assert ([each.msg for each in lines], events) == (["the last word"], [])


async def test_characters_numbers_and_sizes_that_the_database_does_not_take(database: Database, bot: str) -> None:
    messages = [
        ("log", line(msg="a\x00b", logger_name="\x00")),
        ("log", line(msg="x" * (2 * MAX_TEXT), logger_name="n" * 500, level_name="l" * 500, level_no=2**40)),
        ("log", line(level_no=-5, timestamp=1e300)),
        ("events", b'{"type": "\\u0000' + b"t" * 500 + b'", "a\\u0000": [1e999, "\\u00\\u000000"]}'),
        ("events", b'{"type": "fine", "a\\u0000": [NaN, 1e999, "x\\u0000"]}'),
    ]
    lines, events = await said(database, bot, messages)
    assert [(each.msg[:3], len(each.msg)) for each in lines[:3]] == [("ab", 2), ("xxx", MAX_TEXT), ("fin", 4)]
    assert (len(lines[1].logger_name), len(lines[1].level_name), lines[1].level_no) == (128, 16, 32767)
    assert (lines[2].level_no, lines[2].at.year) == (0, 1970)
    assert [(each.type, each.data) for each in events] == [("fine", {"type": "fine", "a": [None, None, "x"]})]


async def test_a_message_that_comes_twice_is_written_once(database: Database, bot: str) -> None:
    messages, first = [("notify", b'{"msg": "once"}'), ("log", line())], secrets.randbits(48)
    before = await said(database, bot, messages, first)
    assert [len(each) for each in before] == [2, 1]
    assert await said(database, bot, messages, first) == before


async def test_who_is_no_bot_is_not_written_down(database: Database) -> None:
    name = f"{'n' * 96}{secrets.token_hex(4)}"
    assert await said(database, name, [("notify", b"{}")]) == ([], [])
