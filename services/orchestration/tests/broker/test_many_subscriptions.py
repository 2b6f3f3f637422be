"""NATS gives a stream a thousand consumers unless it is told otherwise; every command that a bot hears is one."""

from collections.abc import Callable
from contextlib import AsyncExitStack

from .house import REFUSED, House

BOTS = 18
TOPICS = 60
"""For each of them; NATS lets a session have 65 with acknowledgements."""


async def test_from_the_126th_bot_on_commands_were_not_heard(house: House, new_name: Callable[[], str]) -> None:
    """A few bots that hear a lot stand for many that hear eight commands each."""
    async with AsyncExitStack() as bots:
        for _ in range(BOTS):
            login = await house.broker.admit(new_name())
            bot = await bots.enter_async_context(house.bot(login))
            topics = [(f"hbot/{login.username}/command-{number}", 1) for number in range(TOPICS)]
            granted = await bot.subscribe(topics, timeout=30)
            assert len(granted) == TOPICS
            assert REFUSED not in [code if isinstance(code, int) else int(code.value) for code in granted]
