"""Waiting until market-data has fetched what is missing."""

import asyncio
from collections.abc import Callable
from typing import Final

from aviary_backtesting.candles.market_data import Download, MarketData
from aviary_backtesting.engine.port import CandleRange
from aviary_common.errors import BadRequest, Unavailable

FIRST_LOOK_S: Final = 0.05
LOOK_EVERY_S: Final = 1.0


class Fetching:
    def __init__(self, market_data: MarketData, patience_s: float) -> None:
        """``patience_s`` is how long a download may stand still."""
        self._market_data = market_data
        self._patience_s = patience_s

    async def wait(self, wanted: CandleRange, tell: Callable[[float], None]) -> None:
        """Raises market-data's refusals, and ``Unavailable`` when nothing comes any more."""
        loop = asyncio.get_running_loop()
        download = await self._market_data.download(wanted)
        moved_at, pause_s = loop.time(), FIRST_LOOK_S
        while download.is_under_way:
            tell(download.done / max(1, download.total))
            await asyncio.sleep(pause_s)
            pause_s = min(LOOK_EVERY_S, pause_s * 2)
            newer = await self._again(download)
            if newer.done != download.done:
                moved_at = loop.time()
            elif loop.time() - moved_at > self._patience_s:
                raise Unavailable("market-data", f"The download of {wanted} stands still at {newer.done} candles.")
            download = newer
        if download.state != "done":
            why = download.error or download.state
            raise BadRequest(f"The candles of {wanted} could not be fetched: {why}.", code="download_failed")

    async def _again(self, download: Download) -> Download:
        try:
            return await self._market_data.look_at(download)
        except Unavailable:
            return download
