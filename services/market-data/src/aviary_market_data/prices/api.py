"""``/market-data/prices``."""

import time
from typing import Annotated

from fastapi import APIRouter, Depends, Request

from aviary_common.errors import NotFound
from aviary_common.http.document import refusals
from aviary_market_data.prices.schemas import PricesOut, PricesRequest
from aviary_market_data.prices.service import Prices

router = APIRouter(prefix="/market-data", tags=["Market data"])


async def prices_of(request: Request) -> Prices:
    prices: Prices = request.app.state.prices
    return prices


@router.post("/prices", operation_id="get_prices", responses=refusals(NotFound))
async def get_prices(wanted: PricesRequest, prices: Annotated[Prices, Depends(prices_of)]) -> PricesOut:
    """The last traded prices of some pairs."""
    found = await prices.last(wanted.connector_name, wanted.trading_pairs)
    return PricesOut(connector=wanted.connector_name.lower(), prices=dict(found), timestamp=time.time())
