"""``/market-data/candles`` and ``/market-data/historical-candles``."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from aviary_common.errors import NotFound
from aviary_common.http.document import refusals
from aviary_market_data.candles.answer import answer_of, newest_of
from aviary_market_data.candles.historical import HistoricalCandles
from aviary_market_data.candles.schemas import (
    CandleLists,
    CandleOut,
    CandlesRequest,
    HistoricalCandlesRequest,
)
from aviary_market_data.candles.service import Candles

router = APIRouter(prefix="/market-data", tags=["Market data"])


async def candles_of(request: Request) -> Candles:
    candles: Candles = request.app.state.candles
    return candles


CandlesDep = Annotated[Candles, Depends(candles_of)]


@router.post(
    "/candles", operation_id="get_candles", responses=refusals(NotFound), response_model=list[CandleOut] | CandleLists
)
async def get_candles(question: CandlesRequest, candles: CandlesDep) -> Response:
    """The newest candles, oldest first: a list for one pair and interval, a list per pair and interval for lists.

    ``X-Data-Age`` says how many seconds ago the oldest of them was known to be so.
    """
    return newest_of(question, await candles.latest(question))


async def historical_of(request: Request) -> HistoricalCandles:
    historical: HistoricalCandles = request.app.state.historical_candles
    return historical


@router.post(
    "/historical-candles",
    operation_id="get_historical_candles",
    responses=refusals(NotFound),
    response_model=list[CandleOut] | CandleLists,
)
async def get_historical_candles(
    question: HistoricalCandlesRequest, historical: Annotated[HistoricalCandles, Depends(historical_of)]
) -> Response:
    """The candles of a range; by default the last 500 up to now. X-Candle-Gaps names what is missing, and why."""
    return answer_of(question, await historical.get(question))
