"""Five hundred schedules of trouble, after each of which the venue and we agree about everything.

``CHAOS_N`` sets another number, ``CHAOS_FIRST`` another first seed; ``make chaos`` runs as many as you like.
"""

import os
from collections.abc import AsyncIterator

import pytest

from tests.chaos.rounds import run_round
from tests.chaos.schedule import ROUND, draw_round
from tests.chaos.summary import Summary
from tests.chaos.world import World, running_world

FIRST = int(os.environ.get("CHAOS_FIRST", "0")) // ROUND
ROUNDS = -(-int(os.environ.get("CHAOS_N", "500")) // ROUND)
PART = 4


@pytest.fixture(scope="session")
async def world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with running_world(tmp_path_factory.mktemp("chaos")) as running:
        yield running


@pytest.mark.timeout(600)
@pytest.mark.parametrize("first", range(FIRST, FIRST + ROUNDS, PART))
async def test_nothing_is_lost_doubled_or_unknown(first: int, world: World) -> None:
    seen = Summary()
    for number in range(first, min(first + PART, FIRST + ROUNDS)):
        seen.add(Summary.of(await run_round(world, draw_round(number))))
    assert not seen.failed_seeds, "\n\n".join(seen.failures)
