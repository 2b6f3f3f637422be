"""``/market-data/candles`` and ``/market-data/historical-candles``."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from aviary_market_data.candles.schemas import (
    CandleLists,
    CandleOut,
    CandlesRequest,
    HistoricalCandlesRequest,
    in_form_of,
)
from aviary_market_data.candles.service import Candles

router = APIRouter(prefix="/market-data", tags=["Market data"])


async def candles_of(request: Request) -> Candles:
    candles: Candles = request.app.state.candles
    return candles


CandlesDep = Annotated[Candles, Depends(candles_of)]


@router.post("/candles", operation_id="get_candles")
async def get_candles(question: CandlesRequest, candles: CandlesDep) -> list[CandleOut] | CandleLists:
    """The newest candles, oldest first: a list for one pair and interval, a list per pair and interval for lists."""
    return in_form_of(question, await candles.latest(question))


@router.post("/historical-candles", operation_id="get_historical_candles")
async def get_historical_candles(
    question: HistoricalCandlesRequest, candles: CandlesDep
) -> list[CandleOut] | CandleLists:
    """The candles of a range; by default the last 500 up to now."""
    return in_form_of(question, await candles.historical(question))
