"""Commands to bots: asked with a deadline, and their outcome is what the bot says."""

import asyncio
import time
import uuid
from dataclasses import dataclass
from typing import Any, Final

import orjson

from aviary_common.bus import Bus
from aviary_common.errors import DeadlineExceeded
from aviary_orchestration.bots import topics
from aviary_orchestration.bots.hearing import Hearing
from aviary_orchestration.bots.payloads import Json

DONE: Final = 200
ASK_AGAIN_S: Final = 3.0
REPEATABLE: Final = frozenset({"stop", "status", "history", "config", "balance/limit", "balance/paper"})
"""A bot that is told twice does the same; messages to bots are delivered at most once."""


@dataclass(frozen=True)
class Reply:
    """``message`` is the whole answer, with header and data, as the reference passes it on."""

    message: Json

    @property
    def data(self) -> Json:
        data = self.message.get("data")
        return data if isinstance(data, dict) else {}

    @property
    def done(self) -> bool:
        return self.data.get("status") == DONE

    @property
    def words(self) -> str:
        return str(self.data.get("msg") or "")


class Commands:
    def __init__(self, bus: Bus, hearing: Hearing) -> None:
        self._bus = bus
        self._hearing = hearing

    async def send(self, bot: str, command: str, deadline_s: float, **data: Any) -> Reply:
        """``DeadlineExceeded``: whether the bot has done it is unknown."""
        question_id = uuid.uuid4().hex
        payload = _message(topics.reply_topic(bot, question_id), question_id, data)
        reply = self._hearing.expect(question_id)
        try:
            async with asyncio.timeout(deadline_s):
                while True:
                    await self._bus.tell(topics.command_subject(bot, command), payload)
                    patience_s = ASK_AGAIN_S if command in REPEATABLE else deadline_s
                    if (await asyncio.wait({reply}, timeout=patience_s))[0]:
                        return Reply(reply.result())
        except TimeoutError:
            words = f"{bot} did not answer {command!r} within {deadline_s:g} s: whether it was done is unknown."
            raise DeadlineExceeded(words, code="bot_silent") from None
        finally:
            self._hearing.expect_no_more(question_id)


def _message(reply_to: str, message_id: str, data: Json) -> bytes:
    header = {
        "timestamp": int(time.time() * 1000),
        "reply_to": reply_to,
        "msg_id": message_id,
        "node_id": "aviary",
        "agent": "aviary",
        "properties": {},
    }
    return orjson.dumps({"header": header, "data": data})
