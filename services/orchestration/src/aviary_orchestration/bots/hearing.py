"""Every replica hears every bot: the newest state for whoever asks, and the answers to this replica's commands."""

import asyncio
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from aviary_common.bus import Bus
from aviary_orchestration.bots import topics
from aviary_orchestration.bots.heard import Heard
from aviary_orchestration.bots.payloads import Json, read_json, read_log

FORGOTTEN_S: Final = 3600.0
MAX_BOTS: Final = 5000
"""Names come from those who hold a login; still nothing grows without a bound."""


class Hearing:
    def __init__(self) -> None:
        self._heard: dict[str, Heard] = {}
        self._replies: dict[str, asyncio.Future[Json]] = {}
        self._since = time.monotonic()

    async def listen(self, bus: Bus) -> None:
        await bus.hear(topics.ALL, self.take)

    @property
    def listening_s(self) -> float:
        """Silence before is nobody's."""
        return time.monotonic() - self._since

    @property
    def bots(self) -> Mapping[str, Heard]:
        return self._heard

    def of(self, bot: str) -> Heard:
        return self._heard.get(bot) or Heard(bot)

    def forget(self, bot: str) -> None:
        self._heard.pop(bot, None)

    def remember(self, bot: str) -> Heard:
        """The bot's own memory, to be filled."""
        if bot not in self._heard:
            if len(self._heard) >= MAX_BOTS:
                self._heard = {name: each for name, each in self._heard.items() if each.age_s < FORGOTTEN_S}
            self._heard[bot] = Heard(bot)
        return self._heard[bot]

    def expect(self, question_id: str) -> asyncio.Future[Json]:
        reply: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._replies[question_id] = reply
        return reply

    def expect_no_more(self, question_id: str) -> None:
        self._replies.pop(question_id, None)

    def take(self, subject: str, raw: bytes) -> None:
        bot, topic = topics.parse(subject)
        if not bot:
            return
        if topic.startswith(topics.REPLY):
            self._answer(topic.removeprefix(topics.REPLY), raw)
        elif topic in _SAID_BY_BOTS:
            heard = self.remember(bot)
            heard.touch()
            if topic == topics.PERFORMANCE:
                heard.take_reports(raw)
            elif topic == topics.LOG and (line := read_log(raw, datetime.now(UTC))):
                heard.take_line(line)

    def _answer(self, question_id: str, raw: bytes) -> None:
        reply = self._replies.get(question_id)
        if reply is not None and not reply.done() and isinstance(found := read_json(raw), dict):
            reply.set_result(found)


_SAID_BY_BOTS: Final = frozenset(
    {topics.HEARTBEAT, topics.PERFORMANCE, topics.LOG, topics.NOTIFY, topics.EVENTS, topics.STATUS}
)
"""Commands stand under the same prefix: those are ours."""
