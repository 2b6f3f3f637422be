"""``/connectors``."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from aviary_common.errors import BadRequest, NotFound
from aviary_common.http.document import refusals
from aviary_common.models import Name
from aviary_exchange import catalogue
from aviary_exchange.credentials import ConfigMapEntry, config_map
from aviary_market_data.connectors.schemas import OrderTypes, RuleOut
from aviary_market_data.venues import Venues, require_pairs

router = APIRouter(prefix="/connectors", tags=["Connectors"])


async def venues_of(request: Request) -> Venues:
    venues: Venues = request.app.state.venues
    return venues


VenuesDep = Annotated[Venues, Depends(venues_of)]


@router.get("", operation_id="list_connectors")
async def list_connectors() -> list[str]:
    """The connectors that can be used."""
    return [connector.name for connector in catalogue.connectors() if connector.is_available]


@router.get("/{connector_name}/config-map", operation_id="get_connector_config_map", responses=refusals(NotFound))
async def get_config_map(connector_name: Name) -> dict[str, ConfigMapEntry]:
    """The credential fields of a connector."""
    return config_map(catalogue.find(connector_name))


@router.get(
    "/{connector_name}/trading-rules", operation_id="get_trading_rules", responses=refusals(BadRequest, NotFound)
)
async def get_trading_rules(
    connector_name: Name, venues: VenuesDep, trading_pairs: Annotated[list[str] | None, Query()] = None
) -> dict[str, RuleOut]:
    """What the venue accepts, for the named pairs (repeated or separated by commas) or for all."""
    exchange = venues.get(connector_name)
    perpetual = catalogue.find(connector_name).is_perpetual
    rules = await exchange.rules()
    wanted = [pair.strip().upper() for item in trading_pairs or [] for pair in item.split(",") if pair.strip()]
    require_pairs(exchange, rules, wanted)
    return {pair: RuleOut.of(rules[pair], perpetual=perpetual) for pair in wanted or rules}


@router.get("/{connector_name}/order-types", operation_id="list_order_types", responses=refusals(NotFound))
async def get_order_types(connector_name: Name) -> OrderTypes:
    """The order types of a connector."""
    connector = catalogue.find(connector_name)
    return OrderTypes(connector=connector.name, supported_order_types=list(connector.order_types))
