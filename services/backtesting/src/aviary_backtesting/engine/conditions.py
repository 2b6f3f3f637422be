"""What a run is held to, by the engine's names and types."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

import numpy as np

from aviary_backtesting.runs.spec import Json
from aviary_backtesting.venue_terms.terms import VenueTerms
from aviary_strategies.backtest.model import Funding, MarketRules
from aviary_strategies.types import Market


def rules_of(terms: VenueTerms) -> Mapping[Market, MarketRules]:
    return {
        Market(each.connector_name, each.trading_pair): MarketRules(**each.rules.model_dump())
        for each in terms.markets
        if each.rules is not None
    }


def funding_of(terms: VenueTerms) -> Mapping[Market, Funding]:
    found = {}
    for each in terms.markets:
        if each.funding:
            ts, rate = np.array(each.funding, np.float64).T
            market = Market(each.connector_name, each.trading_pair)
            found[market] = Funding(np.ascontiguousarray(ts), np.ascontiguousarray(rate))
    return found


def balances_of(told: Json, markets: Iterable[Market]) -> Mapping[tuple[str, str], float]:
    """``told`` has amounts by asset, owned wherever the controller trades, or by connector and asset."""
    everywhere = {name: amount for name, amount in told.items() if not isinstance(amount, dict)}
    by_connector = {name: amounts for name, amounts in told.items() if isinstance(amounts, dict)}
    traded = {market.connector_name: everywhere for market in markets}
    return {
        (connector, asset): float(Decimal(amount))
        for connector in {*traded, *by_connector}
        for asset, amount in {**traded.get(connector, {}), **by_connector.get(connector, {})}.items()
    }
