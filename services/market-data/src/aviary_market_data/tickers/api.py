"""``/market-data/tickers``."""

import time
from typing import Annotated, Final

import orjson
from fastapi import APIRouter, Depends, Query, Request, Response

from aviary_common.errors import BadRequest, NotFound
from aviary_common.http.document import refusals
from aviary_market_data.tickers.schemas import TickersOut, tickers_of
from aviary_market_data.tickers.service import Tickers

router = APIRouter(prefix="/market-data", tags=["Market data"])

DEFAULT_MAX_AGE_S: Final = 2.0


async def tickers_of_app(request: Request) -> Tickers:
    tickers: Tickers = request.app.state.tickers
    return tickers


@router.get(
    "/tickers", operation_id="list_tickers", responses=refusals(BadRequest, NotFound), response_model=TickersOut
)
async def get_tickers(
    tickers: Annotated[Tickers, Depends(tickers_of_app)],
    connectors: Annotated[list[str] | None, Query()] = None,
    refresh: bool = False,
    max_age: Annotated[float, Query(ge=0, le=3600)] = DEFAULT_MAX_AGE_S,
) -> Response:
    """All pairs of some connectors (repeated or separated by commas), or of those in use lately.

    ``refresh`` asks the venues now; otherwise what is not older than ``max_age`` seconds will do.
    """
    names = [name.strip() for item in connectors or [] for name in item.split(",") if name.strip()]
    found = await tickers.of_many(list(dict.fromkeys(names)), 0.0 if refresh else max_age)
    now = time.time()
    answer = {
        "tickers": {name: tickers_of(snapshot) for name, snapshot in found.snapshots.items()},
        "ages_s": {name: round(now - snapshot.read_at, 3) for name, snapshot in found.snapshots.items()},
        "errors": {name: error.detail for name, error in found.errors.items()},
        "timestamp": now,
    }
    return Response(orjson.dumps(answer), media_type="application/json")
