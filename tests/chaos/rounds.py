"""One round: its schedules at once, its incidents between their steps, quiet, and the verdict on each."""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import aiohttp
import psycopg
from nats.errors import Error as NatsError
from redis.exceptions import RedisError

from tests.chaos.evidence import Case
from tests.chaos.schedule import AWAITS, Incident, Round
from tests.chaos.traffic import Caller, Trip
from tests.chaos.verdict import differences
from tests.chaos.world import Death, World

QUIET_WITHIN_S: Final = 60.0
LOOK_EVERY_S: Final = 0.15
_NOT_YET = (aiohttp.ClientError, psycopg.Error, NatsError, RedisError, OSError, TimeoutError)


@dataclass
class Failure:
    trip: Trip
    differences: Sequence[str]
    logs: Sequence[str]


@dataclass
class Outcome:
    round: Round
    trips: Sequence[Trip]
    deaths: Sequence[Death]
    failures: Sequence[Failure]
    seconds: float
    kills: Counter[str]


class Steps:
    """How far the round has come."""

    def __init__(self) -> None:
        self._ended = 0
        self._changed = asyncio.Event()

    def ended(self) -> None:
        self._ended += 1
        self._changed.set()

    async def reach(self, count: int) -> None:
        while self._ended < count:
            self._changed.clear()
            await self._changed.wait()


async def run_round(world: World, drawn: Round) -> Outcome:
    began = time.monotonic()
    world.restart_after_s = drawn.restart_after_s
    deaths, kills = len(world.deaths), Counter(world.kills)
    trips = [Trip(schedule) for schedule in drawn.schedules]
    accounts = {schedule.account: schedule.connector for schedule in drawn.schedules}
    for account, connector in accounts.items():
        await world.accounts.add(account, connector)
    steps = Steps()
    happening = asyncio.create_task(_incidents(world, drawn, steps))
    await asyncio.gather(*(Caller(world, trip, steps.ended).run() for trip in trips))
    await happening
    await _heal(world, list(accounts))
    found = await _verdicts(world, trips, accounts)
    for account in accounts:
        await world.accounts.remove(account)
    failures = [
        Failure(trip, lines, world.log_of(trip.schedule.account))
        for trip, lines in zip(trips, found, strict=True)
        if lines
    ]
    return Outcome(drawn, trips, world.deaths[deaths:], failures, time.monotonic() - began, world.kills - kills)


async def _incidents(world: World, drawn: Round, steps: Steps) -> None:
    """Servers fall and rise beside each other; each incident begins when its step has ended."""
    async with asyncio.TaskGroup() as running:
        for incident in drawn.incidents:
            await steps.reach(incident.after)
            running.create_task(_happen(world, drawn, incident))


async def _happen(world: World, drawn: Round, incident: Incident) -> None:
    match incident.kind:
        case "kill replica":
            world.kill_replica(incident.which)
        case "kill owner":
            schedule = drawn.schedules[incident.which]
            await world.kill_owner(schedule.account, schedule.connector)
        case "price":
            await world.move_market(incident.factor)
        case _:
            await world.kill_server(incident.kind.removeprefix("kill "), incident.down_s)


async def _heal(world: World, accounts: Sequence[str]) -> None:
    await world.lift_faults(accounts)
    await world.move_market()
    await world.disarm(*AWAITS)
    await world.all_serving()


async def _verdicts(world: World, trips: Sequence[Trip], accounts: dict[str, str]) -> list[list[str]]:
    """The differences that are left when the world has had its time; none as soon as everything agrees."""
    deadline = time.monotonic() + QUIET_WITHIN_S
    found: list[list[str]] = [["nothing could be compared"] for _ in trips]
    while time.monotonic() < deadline:
        try:
            unpublished = await world.evidence.unpublished()
            cases = await world.evidence.cases(accounts)
        except _NOT_YET as error:
            found = [[f"nothing could be compared: {error!r}"] for _ in trips]
        else:
            found = _compare(trips, cases)
            if not unpublished and not any(found):
                return found
        await asyncio.sleep(LOOK_EVERY_S)
    return found


def _compare(trips: Sequence[Trip], cases: Sequence[Case]) -> list[list[str]]:
    return [differences(trip, case) for trip, case in zip(trips, cases, strict=True)]
