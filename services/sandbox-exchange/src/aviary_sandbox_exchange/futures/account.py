"""Futures wallets, positions, and the settings that cannot be changed yet."""

from aviary_sandbox_exchange.engine.market import Market
from aviary_sandbox_exchange.errors import Reason, VenueError
from aviary_sandbox_exchange.futures.margin import LEVERAGE, MAINTENANCE_DIVISOR, Margin, mark_price
from aviary_sandbox_exchange.futures.wallets import Position
from aviary_sandbox_exchange.http.endpoints import Call, Endpoint, Routes, Security
from aviary_sandbox_exchange.market_data import chosen_markets
from aviary_sandbox_exchange.units import SCALE, fixed, notional
from aviary_sandbox_exchange.ws.listen_keys import ListenKey

Json = dict[str, object]
MAX_NOTIONAL = "100000000"


def balance(call: Call) -> list[Json]:
    margin = call.venue.margins.of(call.account)
    return [
        {
            "accountAlias": "sandbox",
            "asset": "USDT",
            "balance": fixed(margin.wallet),
            "crossWalletBalance": fixed(margin.wallet),
            "crossUnPnl": fixed(margin.unrealised),
            "availableBalance": fixed(margin.available),
            "maxWithdrawAmount": fixed(min(margin.available, max(margin.wallet, 0))),
            "marginAvailable": True,
            "updateTime": call.venue.clock.now_ms(),
        }
    ]


def account_v2(call: Call) -> Json:
    margin = call.venue.margins.of(call.account)
    return {
        "feeTier": 0,
        "canTrade": True,
        "canDeposit": True,
        "canWithdraw": True,
        "updateTime": 0,
        "multiAssetsMargin": False,
        "tradeGroupId": -1,
        **_totals(margin),
        "assets": [_asset(call, margin)],
        "positions": [_account_position(market, _position(call, market)) for market in call.desk.markets.values()],
    }


def account_v3(call: Call) -> Json:
    """Unlike v2, only symbols with a position, and no leverage."""
    margin = call.venue.margins.of(call.account)
    held = [(market, _position(call, market)) for market in call.desk.markets.values()]
    return {
        **_totals(margin),
        "assets": [_asset(call, margin)],
        "positions": [_position_v3(market, position) for market, position in held if position.quantity],
    }


def position_risk_v2(call: Call) -> list[Json]:
    return [
        {
            **_risk(call, market),
            "leverage": str(LEVERAGE),
            "maxNotionalValue": MAX_NOTIONAL,
            "marginType": "cross",
            "isAutoAddMargin": "false",
        }
        for market in chosen_markets(call)
    ]


def position_risk_v3(call: Call) -> list[Json]:
    """Only symbols with a position, and no leverage."""
    risks = [(market, _position(call, market)) for market in chosen_markets(call)]
    return [
        {**_risk(call, market), **_position_v3(market, position)} for market, position in risks if position.quantity
    ]


def position_mode(call: Call) -> Json:  # noqa: ARG001
    return {"dualSidePosition": False}


def multi_assets_mode(call: Call) -> Json:  # noqa: ARG001
    return {"multiAssetsMargin": False}


def leverage_brackets(call: Call) -> list[Json]:
    bracket = {
        "bracket": 1,
        "initialLeverage": LEVERAGE,
        "notionalCap": int(MAX_NOTIONAL),
        "notionalFloor": 0,
        "maintMarginRatio": 1 / MAINTENANCE_DIVISOR,
        "cum": 0.0,
    }
    return [
        {"symbol": market.pair.symbol, "notionalCoef": 1.0, "brackets": [bracket]} for market in chosen_markets(call)
    ]


def symbol_config(call: Call) -> list[Json]:
    return [
        {
            "symbol": market.pair.symbol,
            "marginType": "CROSSED",
            "isAutoAddMargin": False,
            "leverage": LEVERAGE,
            "maxNotionalValue": MAX_NOTIONAL,
        }
        for market in chosen_markets(call)
    ]


def account_config(call: Call) -> Json:  # noqa: ARG001
    return {
        "feeTier": 0,
        "canTrade": True,
        "canDeposit": True,
        "canWithdraw": True,
        "dualSidePosition": False,
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


def income(call: Call) -> list[Json]:
    """Commission and realised profit, one entry each per trade; oldest first."""
    params = call.params
    kind, limit = params.find("incomeType"), params.limit(100, 1_000)
    fills = call.desk.store.fills(
        call.account,
        call.market().pair.symbol if "symbol" in params else None,
        start_ms=params.find_integer("startTime"),
        end_ms=params.find_integer("endTime"),
        limit=limit,
    )
    entries = [
        {
            "symbol": fill.pair.symbol,
            "incomeType": entry_kind,
            "income": fixed(amount),
            "asset": "USDT",
            "info": str(fill.trade_id),
            "time": fill.time_ms,
            "tranId": fill.trade_id,
            "tradeId": str(fill.trade_id),
        }
        for fill in fills
        for entry_kind, amount in (("COMMISSION", -fill.commission), ("REALIZED_PNL", fill.realised))
        if amount and kind in (None, entry_kind)
    ]
    return entries[:limit]


def create_listen_key(call: Call) -> Json:
    return {"listenKey": call.venue.listen_keys.create("futures", call.account)}


def prolong_listen_key(call: Call) -> Json:
    key = _listen_key(call)
    call.venue.listen_keys.prolong(key)
    return {"listenKey": key.key}


def delete_listen_key(call: Call) -> Json:
    call.venue.listen_keys.delete(_listen_key(call))
    return {}


def _listen_key(call: Call) -> ListenKey:
    key = call.venue.listen_keys.of_account("futures", call.account)
    if key is None:
        raise VenueError(Reason.BAD_LISTEN_KEY)
    return key


def _totals(margin: Margin) -> Json:
    return {
        "totalInitialMargin": fixed(margin.position_initial + margin.order_initial),
        "totalMaintMargin": fixed(margin.maintenance),
        "totalWalletBalance": fixed(margin.wallet),
        "totalUnrealizedProfit": fixed(margin.unrealised),
        "totalMarginBalance": fixed(margin.wallet + margin.unrealised),
        "totalPositionInitialMargin": fixed(margin.position_initial),
        "totalOpenOrderInitialMargin": fixed(margin.order_initial),
        "totalCrossWalletBalance": fixed(margin.wallet),
        "totalCrossUnPnl": fixed(margin.unrealised),
        "availableBalance": fixed(margin.available),
        "maxWithdrawAmount": fixed(min(margin.available, max(margin.wallet, 0))),
    }


def _asset(call: Call, margin: Margin) -> Json:
    return {
        "asset": "USDT",
        "walletBalance": fixed(margin.wallet),
        "unrealizedProfit": fixed(margin.unrealised),
        "marginBalance": fixed(margin.wallet + margin.unrealised),
        "maintMargin": fixed(margin.maintenance),
        "initialMargin": fixed(margin.position_initial + margin.order_initial),
        "positionInitialMargin": fixed(margin.position_initial),
        "openOrderInitialMargin": fixed(margin.order_initial),
        "crossWalletBalance": fixed(margin.wallet),
        "crossUnPnl": fixed(margin.unrealised),
        "availableBalance": fixed(margin.available),
        "maxWithdrawAmount": fixed(min(margin.available, max(margin.wallet, 0))),
        "marginAvailable": True,
        "updateTime": call.venue.clock.now_ms(),
    }


def _position(call: Call, market: Market) -> Position:
    return call.venue.wallets.of(call.account).positions.get(market.pair.symbol, Position())


def _worth(market: Market, position: Position) -> int:
    return notional(mark_price(market), position.quantity)


def _account_position(market: Market, position: Position) -> Json:
    worth = _worth(market, position)
    return {
        "symbol": market.pair.symbol,
        "initialMargin": fixed(abs(worth) // LEVERAGE),
        "maintMargin": fixed(abs(worth) // MAINTENANCE_DIVISOR),
        "unrealizedProfit": fixed(position.unrealised(mark_price(market))),
        "positionInitialMargin": fixed(abs(worth) // LEVERAGE),
        "openOrderInitialMargin": "0",
        "leverage": str(LEVERAGE),
        "isolated": False,
        "entryPrice": fixed(position.entry_price),
        "breakEvenPrice": fixed(position.entry_price),
        "maxNotional": MAX_NOTIONAL,
        "positionSide": "BOTH",
        "positionAmt": fixed(position.quantity, market.pair.quantity_decimals),
        "notional": fixed(worth),
        "isolatedWallet": "0",
        "bidNotional": "0",
        "askNotional": "0",
        "updateTime": position.updated_ms,
    }


def _position_v3(market: Market, position: Position) -> Json:
    view = _account_position(market, position)
    for name in ("leverage", "isolated", "maxNotional", "entryPrice", "breakEvenPrice"):
        del view[name]
    return {**view, "isolatedMargin": "0", "marginAsset": "USDT"}


def _risk(call: Call, market: Market) -> Json:
    position = _position(call, market)
    mark = mark_price(market)
    return {
        "symbol": market.pair.symbol,
        "positionSide": "BOTH",
        "positionAmt": fixed(position.quantity, market.pair.quantity_decimals),
        "entryPrice": fixed(position.entry_price),
        "breakEvenPrice": fixed(position.entry_price),
        "markPrice": fixed(mark),
        "unRealizedProfit": fixed(position.unrealised(mark)),
        "liquidationPrice": fixed(_liquidation_price(call, position, mark)),
        "isolatedMargin": "0",
        "notional": fixed(_worth(market, position)),
        "isolatedWallet": "0",
        "adl": 0,
        "updateTime": position.updated_ms,
    }


def _liquidation_price(call: Call, position: Position, mark: int) -> int:
    """Where the margin balance would meet this position's maintenance margin, all else unchanged; 0 if nowhere."""
    if not position.quantity:
        return 0
    margin = call.venue.margins.of(call.account)
    others = margin.wallet + margin.unrealised - position.unrealised(mark)
    slope = position.quantity - abs(position.quantity) // MAINTENANCE_DIVISOR
    return max((position.cost - others) * SCALE // slope, 0)


ROUTES: Routes = {
    ("GET", "/fapi/v2/balance"): Endpoint(balance, "futures", 5, Security.SIGNED),
    ("GET", "/fapi/v3/balance"): Endpoint(balance, "futures", 5, Security.SIGNED),
    ("GET", "/fapi/v2/account"): Endpoint(account_v2, "futures", 5, Security.SIGNED),
    ("GET", "/fapi/v3/account"): Endpoint(account_v3, "futures", 5, Security.SIGNED),
    ("GET", "/fapi/v2/positionRisk"): Endpoint(position_risk_v2, "futures", 5, Security.SIGNED),
    ("GET", "/fapi/v3/positionRisk"): Endpoint(position_risk_v3, "futures", 5, Security.SIGNED),
    ("GET", "/fapi/v1/positionSide/dual"): Endpoint(position_mode, "futures", 30, Security.SIGNED),
    ("GET", "/fapi/v1/multiAssetsMargin"): Endpoint(multi_assets_mode, "futures", 30, Security.SIGNED),
    ("GET", "/fapi/v1/leverageBracket"): Endpoint(leverage_brackets, "futures", 1, Security.SIGNED),
    ("GET", "/fapi/v1/symbolConfig"): Endpoint(symbol_config, "futures", 5, Security.SIGNED),
    ("GET", "/fapi/v1/accountConfig"): Endpoint(account_config, "futures", 5, Security.SIGNED),
    ("GET", "/fapi/v1/commissionRate"): Endpoint(commission_rate, "futures", 20, Security.SIGNED),
    ("GET", "/fapi/v1/income"): Endpoint(income, "futures", 30, Security.SIGNED),
    ("POST", "/fapi/v1/listenKey"): Endpoint(create_listen_key, "futures", 1, Security.KEY),
    ("PUT", "/fapi/v1/listenKey"): Endpoint(prolong_listen_key, "futures", 1, Security.KEY),
    ("DELETE", "/fapi/v1/listenKey"): Endpoint(delete_listen_key, "futures", 1, Security.KEY),
}
