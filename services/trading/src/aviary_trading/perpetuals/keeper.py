"""What a session does besides, where there are positions: it watches them, their funding and their mode."""

import asyncio
from typing import Final

from aviary_common import logs
from aviary_exchange.errors import ExchangeError
from aviary_exchange.port import PrivateExchange
from aviary_trading.funding.keeper import FundingKeeper
from aviary_trading.perpetuals.service import Perpetuals
from aviary_trading.positions.keeper import PositionKeeper

log = logs.get(__name__)

GATHER_S: Final = 0.25
"""News of positions come in bursts: one look at the venue serves them all."""
FUNDING_LOOK_EVERY_S: Final = 1.0
"""How often it is seen whether funding is due to be asked for."""


class PerpetualKeeper:
    def __init__(
        self,
        account_name: str,
        perpetuals: Perpetuals,
        positions: PositionKeeper,
        funding: FundingKeeper,
        mode_every_s: float,
    ) -> None:
        self._account = account_name
        self._perpetuals = perpetuals
        self._positions = positions
        self._funding = funding
        self._moved = asyncio.Event()
        self._mode_every_s = mode_every_s
        self._mode_due = float("-inf")

    def heard(self) -> None:
        """The stream says that positions changed."""
        self._moved.set()

    async def watch_forever(self, exchange: PrivateExchange) -> None:
        while True:
            if await self._moved_in_time():
                await self._positions.refresh(exchange)
                await asyncio.sleep(GATHER_S)
            await self._funding.refresh(exchange)
            await self._refresh_mode(exchange)

    async def _moved_in_time(self) -> bool:
        try:
            async with asyncio.timeout(FUNDING_LOOK_EVERY_S):
                await self._moved.wait()
        except TimeoutError:
            return False
        self._moved.clear()
        return True

    async def _refresh_mode(self, exchange: PrivateExchange) -> None:
        """Seldom: on Binance it costs as much of the budget as a dozen look-ups of orders."""
        now = asyncio.get_running_loop().time()
        if now < self._mode_due:
            return
        self._mode_due = now + self._mode_every_s
        try:
            await self._perpetuals.refresh_mode(self._account, exchange)
        except ExchangeError as error:
            log.warning("position mode not read", connector=exchange.connector, error=error.detail)
