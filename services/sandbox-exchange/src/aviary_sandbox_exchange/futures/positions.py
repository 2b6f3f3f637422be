"""Futures positions as JSON: positionRisk, and the positions inside an account."""

from collections.abc import Sequence

from aviary_sandbox_exchange.futures.brackets import max_notional
from aviary_sandbox_exchange.futures.margin import LegMargin, Margin
from aviary_sandbox_exchange.futures.wallets import Position
from aviary_sandbox_exchange.http.endpoints import Call, Endpoint, Routes, Security
from aviary_sandbox_exchange.market_data import chosen_markets
from aviary_sandbox_exchange.units import fixed

Json = dict[str, object]


def position_risk_v2(call: Call) -> list[Json]:
    """Every symbol, with a position or without."""
    margin = call.venue.margins.of(call.account)
    return [
        {
            **_risk(leg, margin),
            "leverage": str(leg.leverage),
            "maxNotionalValue": fixed(max_notional(leg.leverage), 0),
            "marginType": "cross",
            "isAutoAddMargin": "false",
        }
        for leg in wanted_legs(call, margin)
    ]


def position_risk_v3(call: Call) -> list[Json]:
    """Only what has a position or an order, and no leverage."""
    margin = call.venue.margins.of(call.account)
    legs = [leg for leg in wanted_legs(call, margin) if occupied(leg)]
    return [{**leg_v3_view(leg), **_risk(leg, margin)} for leg in legs]


def wanted_legs(call: Call, margin: Margin) -> Sequence[LegMargin]:
    """Of the chosen symbols, all positions that the account's mode allows, also those that are empty."""
    known = {(leg.market.pair.symbol, leg.side): leg for leg in margin.legs}
    preferences, marks, account = call.venue.preferences, call.venue.marks, call.account
    return [
        known.get((market.pair.symbol, side))
        or LegMargin(
            market=market,
            side=side,
            position=call.venue.wallets.of(account).positions.get((market.pair.symbol, side)) or Position(),
            mark=marks.of(market),
            leverage=preferences.leverage(account, market.pair.symbol),
            bids=0,
            asks=0,
        )
        for market in chosen_markets(call)
        for side in preferences.sides(account)
    ]


def occupied(leg: LegMargin) -> bool:
    return bool(leg.position.quantity or leg.bids or leg.asks)


def leg_view(leg: LegMargin) -> Json:
    """As account v2 tells it."""
    return {
        **_figures(leg),
        "leverage": str(leg.leverage),
        "isolated": False,
        "entryPrice": fixed(leg.position.entry_price),
        "breakEvenPrice": fixed(leg.position.entry_price),
        "maxNotional": fixed(max_notional(leg.leverage), 0),
    }


def leg_v3_view(leg: LegMargin) -> Json:
    return {**_figures(leg), "isolatedMargin": "0", "marginAsset": "USDT"}


def _figures(leg: LegMargin) -> Json:
    return {
        "symbol": leg.market.pair.symbol,
        "positionSide": leg.side,
        "positionAmt": fixed(leg.position.quantity, leg.market.pair.quantity_decimals),
        "unrealizedProfit": fixed(leg.unrealised),
        "initialMargin": fixed(leg.initial + leg.order_initial),
        "positionInitialMargin": fixed(leg.initial),
        "openOrderInitialMargin": fixed(leg.order_initial),
        "maintMargin": fixed(leg.maintenance),
        "notional": fixed(leg.worth),
        "isolatedWallet": "0",
        "bidNotional": fixed(leg.bids),
        "askNotional": fixed(leg.asks),
        "updateTime": leg.position.updated_ms,
    }


def _risk(leg: LegMargin, margin: Margin) -> Json:
    symbol = leg.market.pair.symbol
    return {
        "symbol": symbol,
        "positionSide": leg.side,
        "positionAmt": fixed(leg.position.quantity, leg.market.pair.quantity_decimals),
        "entryPrice": fixed(leg.position.entry_price),
        "breakEvenPrice": fixed(leg.position.entry_price),
        "markPrice": fixed(leg.mark),
        "unRealizedProfit": fixed(leg.unrealised),
        "liquidationPrice": fixed(margin.liquidation_price(symbol) if leg.position.quantity else 0),
        "isolatedMargin": "0",
        "notional": fixed(leg.worth),
        "isolatedWallet": "0",
        "adl": 0,
        "updateTime": leg.position.updated_ms,
    }


ROUTES: Routes = {
    ("GET", "/fapi/v2/positionRisk"): Endpoint(position_risk_v2, "futures", 5, Security.SIGNED),
    ("GET", "/fapi/v3/positionRisk"): Endpoint(position_risk_v3, "futures", 5, Security.SIGNED),
}
