"""Writes down what bots say, once, also what they said while no replica was there to listen."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from aviary_common.bus import Bus, Capture, Captured
from aviary_common.database import Database
from aviary_orchestration.bots import topics
from aviary_orchestration.bots.payloads import Json, LogLine, moment, read_json, read_log
from aviary_orchestration.records import store
from aviary_orchestration.records.store import SaidEvent, SaidLine, Source

CAPTURE: Final = Capture("BOTS", topics.RECORDED, keep_s=3 * 86_400, keep_bytes=256 * 1024**2)
MAX_TEXT: Final = 10_000
MAX_NAME: Final = 96
LEVELS: Final = 32767


class Recorder:
    def __init__(self, bus: Bus, database: Database) -> None:
        self._bus = bus
        self._database = database

    async def record_forever(self) -> None:
        """Give it to ``Tasks.supervise``, in every replica."""
        await self._bus.capture(CAPTURE, self._write)

    async def _write(self, messages: Sequence[Captured]) -> None:
        lines, events = [], []
        for message in messages:
            bot, topic = topics.parse(message.subject)
            if not bot or len(bot) > MAX_NAME:
                continue
            source = Source(bot, message.sequence, message.at)
            if topic == topics.LOG:
                if line := read_log(message.data, message.at):
                    lines.append(SaidLine(source, moment(line.at), _fitting(line)))
            elif isinstance(found := read_json(message.data), dict):
                events.append(SaidEvent(source, topic, _type(topic, found), found))
        async with self._database.transaction() as connection:
            await store.add(connection, lines, events)


def _type(topic: str, found: Json) -> str:
    """An event says what it is; the rest is what its topic says."""
    return str(found.get("type") or topic)[:64]


def _fitting(line: LogLine) -> LogLine:
    return replace(
        line,
        level_no=max(0, min(line.level_no, LEVELS)),
        level_name=line.level_name[:16],
        logger_name=line.logger_name[:128],
        msg=line.msg[:MAX_TEXT],
    )
