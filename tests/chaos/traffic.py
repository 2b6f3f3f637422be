"""One account's steps, and what its caller was told."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from aviary_common.context import HEADER
from tests.chaos.replica.app import PATH_HEADER
from tests.chaos.schedule import Arm, Cancel, Pause, Place, Restart, Schedule, Step, StreamFault, VenueFault
from tests.chaos.world import World


@dataclass(frozen=True, slots=True)
class Answer:
    """``status`` is ``None`` when the connection broke: then the caller knows nothing."""

    request: str
    name: str
    replica: str
    status: int | None
    code: str
    text: str
    asked: str = ""
    answered: str = ""
    """The ids of the request and of the request that the answer belongs to."""

    @property
    def acknowledged(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def refused(self) -> bool:
        return self.status is not None and self.status >= 400


@dataclass
class Trip:
    """A schedule as it went."""

    schedule: Schedule
    answers: list[Answer] = field(default_factory=list)
    log: list[str] = field(default_factory=list)

    def told(self, name: str, request: str = "place") -> list[Answer]:
        return [answer for answer in self.answers if (answer.name, answer.request) == (name, request)]


class Caller:
    def __init__(self, world: World, trip: Trip, step_ended: Callable[[], None]) -> None:
        self._world = world
        self._trip = trip
        self._step_ended = step_ended
        self._requests = 0
        self._began = time.monotonic()

    async def run(self) -> None:
        for step in self._trip.schedule.steps:
            self._note(str(step))
            await self._take(step)
            self._step_ended()

    async def _take(self, step: Step) -> None:
        match step:
            case Place():
                body = {
                    "account_name": self._trip.schedule.account,
                    "connector_name": self._trip.schedule.connector,
                    "client_order_id": step.name,
                    **step.order,
                }
                await self._ask("place", step, "/trading/orders", body)
            case Cancel():
                schedule = self._trip.schedule
                path = f"/trading/{schedule.account}/{schedule.connector}/orders/{step.name}/cancel"
                await self._ask("cancel", step, path, None)
            case VenueFault():
                await self._break_requests(step)
            case StreamFault():
                await self._break_stream(step)
            case Arm(kill):
                await self._world.arm(kill)
            case Restart(replica):
                await self._world.restart(replica)
            case Pause(seconds):
                await asyncio.sleep(seconds)

    async def _ask(self, request: str, step: Place | Cancel, path: str, body: Any) -> None:
        async def send(replica: int, label: str) -> None:
            self._hear(await self._send(request, step.name, replica, path, body, label))

        label = "again" if request == "place" else step.path
        beside = [send(again.replica, label) for again in step.again if again.when == "beside"]
        await asyncio.gather(send(step.replica, step.path), *beside)
        for again in step.again:
            if again.when == "after":
                await send(again.replica, label)

    def _hear(self, answer: Answer) -> None:
        self._trip.answers.append(answer)
        said = f"{answer.status} {answer.code} {answer.text}" if answer.status else "no answer"
        self._note(f"    {answer.request} {answer.name} by {answer.replica}: {said}")

    def _note(self, line: str) -> None:
        self._trip.log.append(f"{time.monotonic() - self._began:6.2f} {line}")

    async def _send(self, request: str, name: str, replica: int, path: str, body: Any, label: str) -> Answer:
        """Like the edge: on to the other replica when nobody listens, and never a second time once it is sent."""
        self._requests += 1
        request_id = f"{request}.{name}.{self._requests}"
        account = self._trip.schedule.account
        while True:
            fork = self._world.replica(replica)
            headers = {
                HEADER: request_id,
                PATH_HEADER: label if label != "place" or account in fork.served else "first",
            }
            fork.served.add(account)
            try:
                async with self._world.http.post(f"{fork.url}{path}", json=body, headers=headers) as answer:
                    told = await answer.json(content_type=None)
                    text = str(told.get("detail") or told.get("message") or told.get("status"))
                    answered = answer.headers.get(HEADER, request_id)
                    return Answer(
                        request, name, fork.name, answer.status, str(told.get("code", "")), text, request_id, answered
                    )
            except aiohttp.ClientConnectorError:
                replica += 1
                await asyncio.sleep(0.02)
            except (aiohttp.ClientError, TimeoutError, ValueError) as error:
                return Answer(request, name, fork.name, None, "", type(error).__name__)

    async def _break_requests(self, fault: VenueFault) -> None:
        body = {
            "kind": fault.kind,
            "method": fault.method,
            "path": fault.path,
            "api_key": self._trip.schedule.account,
            "count": fault.count,
            "delay_ms": fault.delay_ms,
            "status": fault.status,
            "retry_after_s": fault.retry_after_s,
        }
        await self._world.control("/sandbox/faults", body)

    async def _break_stream(self, fault: StreamFault) -> None:
        account, connector = self._trip.schedule.account, self._trip.schedule.connector
        if fault.kind == "drop":
            await self._world.control("/sandbox/sockets/drop", {"api_key": account})
        elif fault.kind == "gap":
            side = "futures" if connector == "sandbox_perpetual" else "spot"
            await self._world.control("/sandbox/gaps", {"api_key": account, "side": side, "count": fault.count})
        else:
            await self._world.control("/chaos/stream", {"keys": [account], "kind": fault.kind})
