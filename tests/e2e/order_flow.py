"""Orders placed one after the other while something dies, and what was answered to each."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx

from tests.e2e.trader import Trader

PAUSE_S = 0.05


@dataclass
class OrderFlow:
    """``answers`` by client order id; an order whose answer never came is in ``unanswered``."""

    answers: dict[str, httpx.Response] = field(default_factory=dict)
    unanswered: dict[str, httpx.TransportError] = field(default_factory=dict)
    accepted_after: int = 0

    @property
    def accepted(self) -> set[str]:
        return {name for name, answer in self.answers.items() if answer.status_code in {201, 202}}

    @property
    def refused(self) -> list[httpx.Response]:
        return [answer for answer in self.answers.values() if answer.status_code not in {201, 202}]

    async def has_accepted(self, more: int) -> bool:
        return len(self.accepted) >= self.accepted_after + more

    def mark(self) -> None:
        """From now on ``has_accepted`` counts anew."""
        self.accepted_after = len(self.accepted)

    async def run(self, trader: Trader, stop: asyncio.Event) -> None:
        while not stop.is_set():
            name = f"flow-{uuid.uuid4().hex[:16]}"
            try:
                self.answers[name] = await trader.place(client_order_id=name)
            except httpx.TransportError as error:
                self.unanswered[name] = error
            await asyncio.sleep(PAUSE_S)


@asynccontextmanager
async def orders_flowing(trader: Trader, streams: int = 2) -> AsyncIterator[OrderFlow]:
    """Until the block ends."""
    flow, stop = OrderFlow(), asyncio.Event()
    running = [asyncio.create_task(flow.run(trader, stop)) for _ in range(streams)]
    try:
        yield flow
    finally:
        stop.set()
        await asyncio.gather(*running)
