"""``/rate-oracle`` and ``/market-data/rates``."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from aviary_common.errors import BadRequest, NotFound
from aviary_common.http.document import refusals
from aviary_common.models import TradingPair
from aviary_market_data.rates.schemas import (
    Config,
    ConfigChange,
    ConfigChanged,
    ConfigOut,
    ConnectorRatesRequest,
    RateOut,
    RatePrices,
    RatesOut,
    RatesRequest,
)
from aviary_market_data.rates.service import RateOracle

router = APIRouter(prefix="/rate-oracle", tags=["Rate oracle"])
market_data_router = APIRouter(prefix="/market-data", tags=["Market data"])


async def oracle_of(request: Request) -> RateOracle:
    oracle: RateOracle = request.app.state.rates
    return oracle


OracleDep = Annotated[RateOracle, Depends(oracle_of)]


@router.get("/sources", operation_id="list_rate_sources")
async def list_sources(oracle: OracleDep) -> list[str]:
    """Where rates may come from."""
    return oracle.config.available


@router.get("/config", operation_id="get_rate_oracle_config")
async def get_config(oracle: OracleDep) -> ConfigOut:
    """Where rates come from, and the token that all prices are told in."""
    config = Config.of(await oracle.config.current())
    return ConfigOut(**dict(config), available_sources=oracle.config.available)


@router.put("/config", operation_id="update_rate_oracle_config")
async def put_config(change: ConfigChange, oracle: OracleDep) -> ConfigChanged:
    """Choose another source or token; it holds for all replicas within a second."""
    return ConfigChanged.of(await oracle.config.choose(change.to_choice()))


@router.post("/rates", operation_id="get_rates", responses=refusals(NotFound))
async def get_rates(wanted: RatesRequest, oracle: OracleDep) -> RatesOut:
    """The rates of some pairs; null where the source knows no way from one token to the other."""
    return RatesOut.of(await oracle.rates(wanted.trading_pairs))


@router.get("/rate/{trading_pair}", operation_id="get_rate", responses=refusals(BadRequest, NotFound))
async def get_rate(trading_pair: TradingPair, oracle: OracleDep) -> RateOut:
    """The rate of one pair, from prices that are at most a few seconds old."""
    return RateOut.of(trading_pair, await oracle.rates([trading_pair]))


@router.get("/rate-async/{trading_pair}", operation_id="find_rate", responses=refusals(BadRequest, NotFound))
async def get_rate_now(trading_pair: TradingPair, oracle: OracleDep) -> RateOut:
    """The rate of one pair, from prices asked for now."""
    return RateOut.of(trading_pair, await oracle.rates([trading_pair], now=True))


@router.get("/prices", operation_id="list_rate_prices")
async def get_prices(oracle: OracleDep) -> RatePrices:
    """The prices of all tokens of the source."""
    return RatePrices.of(await oracle.everything())


@market_data_router.post("/rates", operation_id="get_connector_rates", responses=refusals(NotFound))
async def get_connector_rates(wanted: ConnectorRatesRequest, oracle: OracleDep) -> RatesOut:
    """The rates of some pairs by a connector's prices, or the chosen source's."""
    return RatesOut.of(await oracle.rates(wanted.trading_pairs, connector=wanted.connector))
