"""What feeds there are, and looking after them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request

from aviary_common.errors import NotFound
from aviary_common.http.document import refusals
from aviary_common.models import Name
from aviary_market_data.feeds.control import FeedControl
from aviary_market_data.feeds.schemas import (
    AddTradingPairRequest,
    Diagnostics,
    FeedOut,
    FeedSettingsOut,
    Restarted,
    TradingPairOut,
    TradingPairRequest,
)

router = APIRouter(prefix="/market-data", tags=["Market data"])


async def control_of(request: Request) -> FeedControl:
    control: FeedControl = request.app.state.feed_control
    return control


ControlDep = Annotated[FeedControl, Depends(control_of)]
ConnectorName = Annotated[Name, Path()]


@router.get("/active-feeds", operation_id="list_feeds")
async def get_active_feeds(control: ControlDep) -> dict[str, FeedOut]:
    """Every feed that is wanted, with who follows it and how fresh it is, over all replicas."""
    return await control.active()


@router.get("/settings", operation_id="get_market_data_settings")
async def get_settings(control: ControlDep) -> FeedSettingsOut:
    """How long feeds live."""
    return control.settings()


@router.get("/available-candle-connectors", operation_id="list_candle_connectors")
async def get_available_candle_connectors(control: ControlDep) -> list[str]:
    """The connectors that candles can be had of."""
    return control.candle_connectors()


@router.post("/trading-pair/add", operation_id="start_feed", responses=refusals(NotFound))
async def add_trading_pair(wanted: AddTradingPairRequest, control: ControlDep) -> TradingPairOut:
    """Follow a pair's order book until it is removed; answers once it is live."""
    return await control.add(wanted.connector_name, wanted.trading_pair, wanted.timeout)


@router.post("/trading-pair/remove", operation_id="stop_feed", responses=refusals(NotFound))
async def remove_trading_pair(wanted: TradingPairRequest, control: ControlDep) -> TradingPairOut:
    """Follow it no longer; ``success`` is false when it was not followed."""
    return await control.remove(wanted.connector_name, wanted.trading_pair)


@router.get(
    "/order-book/diagnostics/{connector_name}", operation_id="get_order_book_diagnostics", responses=refusals(NotFound)
)
async def get_diagnostics(connector_name: ConnectorName, control: ControlDep) -> Diagnostics:
    """How the connector's live order books fare."""
    return await control.diagnose(connector_name)


@router.post("/order-book/restart/{connector_name}", operation_id="restart_order_books", responses=refusals(NotFound))
async def restart(connector_name: ConnectorName, control: ControlDep) -> Restarted:
    """Drop the connector's live order books and begin them anew."""
    return await control.restart(connector_name)
