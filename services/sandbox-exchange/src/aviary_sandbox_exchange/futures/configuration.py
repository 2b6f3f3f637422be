"""Leverage, position mode and margin type: what an account may choose, and when it may not."""

from aviary_sandbox_exchange.errors import Reason, VenueError
from aviary_sandbox_exchange.futures.brackets import BRACKETS, MAX_LEVERAGE, TEN_THOUSANDTHS, max_notional
from aviary_sandbox_exchange.http.endpoints import Call, Endpoint, Routes, Security
from aviary_sandbox_exchange.market_data import chosen_markets
from aviary_sandbox_exchange.units import SCALE, fixed

Json = dict[str, object]
DONE: Json = {"code": 200, "msg": "success"}


def set_leverage(call: Call) -> Json:
    """Refused where the position would be too large for it, or where the account could not hold it any more."""
    symbol, leverage = call.market().pair.symbol, call.params.integer("leverage")
    if not 1 <= leverage <= MAX_LEVERAGE:
        raise VenueError(Reason.BAD_LEVERAGE, leverage=leverage)
    venue, account = call.venue, call.account
    cap = max_notional(leverage)
    before = venue.preferences.leverage(account, symbol)
    after = venue.margins.of(account, leverages={symbol: leverage})
    if any(leg.exposure > cap for leg in after.of_symbol(symbol)):
        raise VenueError(Reason.POSITION_TOO_LARGE)
    if leverage < before and after.of_symbol(symbol) and after.free < 0:
        raise VenueError(Reason.LEVERAGE_TOO_LOW)
    if leverage != before:
        venue.preferences.set_leverage(account, symbol, leverage)
        venue.futures_news.leverage_changed(account, symbol, leverage)
    return {"leverage": leverage, "maxNotionalValue": fixed(cap, 0), "symbol": symbol}


def get_position_mode(call: Call) -> Json:
    return {"dualSidePosition": call.venue.preferences.hedges(call.account)}


def set_position_mode(call: Call) -> Json:
    venue, account = call.venue, call.account
    wanted = call.params.boolean("dualSidePosition")
    if wanted == venue.preferences.hedges(account):
        raise VenueError(Reason.POSITION_MODE_UNCHANGED)
    if call.desk.open_orders(account):
        raise VenueError(Reason.POSITION_MODE_WITH_ORDERS)
    if venue.wallets.of(account).held():
        raise VenueError(Reason.POSITION_MODE_WITH_POSITIONS)
    venue.preferences.set_hedges(account, wanted)
    return DONE


def set_margin_type(call: Call) -> Json:
    """There is cross margin only, so the one answer is that nothing needs to change."""
    call.market()
    if call.params.text("marginType") != "CROSSED":
        raise VenueError(Reason.CROSS_MARGIN_ONLY)
    raise VenueError(Reason.MARGIN_TYPE_UNCHANGED)


def multi_assets_mode(call: Call) -> Json:  # noqa: ARG001
    return {"multiAssetsMargin": False}


def leverage_brackets(call: Call) -> list[Json]:
    brackets = [
        {
            "bracket": bracket.number,
            "initialLeverage": bracket.leverage,
            "notionalCap": bracket.cap // SCALE,
            "notionalFloor": bracket.floor // SCALE,
            "maintMarginRatio": bracket.rate / TEN_THOUSANDTHS,
            "cum": bracket.deduction / SCALE,
        }
        for bracket in BRACKETS
    ]
    return [
        {"symbol": market.pair.symbol, "notionalCoef": 1.0, "brackets": brackets} for market in chosen_markets(call)
    ]


def symbol_config(call: Call) -> list[Json]:
    chosen = [market.pair.symbol for market in chosen_markets(call)]
    leverages = {symbol: call.venue.preferences.leverage(call.account, symbol) for symbol in chosen}
    return [
        {
            "symbol": symbol,
            "marginType": "CROSSED",
            "isAutoAddMargin": False,
            "leverage": leverage,
            "maxNotionalValue": fixed(max_notional(leverage), 0),
        }
        for symbol, leverage in leverages.items()
    ]


def account_config(call: Call) -> Json:
    return {
        "feeTier": 0,
        "canTrade": True,
        "canDeposit": True,
        "canWithdraw": True,
        **get_position_mode(call),
        "updateTime": 0,
        "multiAssetsMargin": False,
        "tradeGroupId": -1,
    }


def commission_rate(call: Call) -> Json:
    return {
        "symbol": call.market().pair.symbol,
        "makerCommissionRate": "0.000200",
        "takerCommissionRate": "0.000500",
    }


ROUTES: Routes = {
    ("POST", "/fapi/v1/leverage"): Endpoint(set_leverage, "futures", 1, Security.SIGNED),
    ("GET", "/fapi/v1/positionSide/dual"): Endpoint(get_position_mode, "futures", 30, Security.SIGNED),
    ("POST", "/fapi/v1/positionSide/dual"): Endpoint(set_position_mode, "futures", 1, Security.SIGNED),
    ("POST", "/fapi/v1/marginType"): Endpoint(set_margin_type, "futures", 1, Security.SIGNED),
    ("GET", "/fapi/v1/multiAssetsMargin"): Endpoint(multi_assets_mode, "futures", 30, Security.SIGNED),
    ("GET", "/fapi/v1/leverageBracket"): Endpoint(leverage_brackets, "futures", 1, Security.SIGNED),
    ("GET", "/fapi/v1/symbolConfig"): Endpoint(symbol_config, "futures", 5, Security.SIGNED),
    ("GET", "/fapi/v1/accountConfig"): Endpoint(account_config, "futures", 5, Security.SIGNED),
    ("GET", "/fapi/v1/commissionRate"): Endpoint(commission_rate, "futures", 20, Security.SIGNED),
}
