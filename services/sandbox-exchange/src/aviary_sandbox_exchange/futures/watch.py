"""What the futures side does by itself: funding at its hours, and a look at everybody's margin."""

import asyncio
from collections.abc import Callable, Mapping

from aviary_sandbox_exchange.clock import Clock
from aviary_sandbox_exchange.engine.market import Market
from aviary_sandbox_exchange.futures.funding import Funding
from aviary_sandbox_exchange.futures.liquidation import Liquidation

EVERY_S = 0.2


class Watch:
    def __init__(self, markets: Mapping[str, Market], funding: Funding, liquidation: Liquidation, clock: Clock) -> None:
        self._markets = markets
        self._funding = funding
        self._liquidation = liquidation
        self._clock = clock

    def look(self) -> None:
        self._funding.catch_up(self._markets.values(), self._clock.now_ms())
        self._liquidation.look()

    async def run(self, commit: Callable[[], None]) -> None:
        while True:
            self.look()
            commit()
            await asyncio.sleep(EVERY_S)
