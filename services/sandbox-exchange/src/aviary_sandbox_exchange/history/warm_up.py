"""Sums up the past by the hour, a day at a time, so that the first long chart does not hold up an order."""

import asyncio
from collections.abc import Iterable

from aviary_sandbox_exchange.history.path import MINUTES
from aviary_sandbox_exchange.history.tape import Tape

DAYS = 90
PAUSE_S = 0.4


async def sum_up_the_past(tapes: Iterable[Tape]) -> None:
    """The newest days first; a day takes some milliseconds and is not computed twice."""
    tapes = list(tapes)
    for back in range(1, DAYS + 1):
        for tape in tapes:
            tape.hours(tape.minute.start // MINUTES - back)
            await asyncio.sleep(PAUSE_S)
