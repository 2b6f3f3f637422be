"""Futures accounts as a whole: wallet, margin, and the listen key."""

from aviary_sandbox_exchange.errors import Reason, VenueError
from aviary_sandbox_exchange.futures.margin import Margin
from aviary_sandbox_exchange.futures.positions import leg_v3_view, leg_view, occupied, wanted_legs
from aviary_sandbox_exchange.http.endpoints import Call, Endpoint, Routes, Security
from aviary_sandbox_exchange.units import fixed
from aviary_sandbox_exchange.ws.listen_keys import ListenKey

Json = dict[str, object]


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
            "maxWithdrawAmount": fixed(margin.withdrawable),
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
        "positions": [leg_view(leg) for leg in wanted_legs(call, margin)],
    }


def account_v3(call: Call) -> Json:
    """Unlike v2, only what has a position or an order, and no leverage."""
    margin = call.venue.margins.of(call.account)
    return {
        **_totals(margin),
        "assets": [_asset(call, margin)],
        "positions": [leg_v3_view(leg) for leg in wanted_legs(call, margin) if occupied(leg)],
    }


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
        "totalMarginBalance": fixed(margin.balance),
        "totalPositionInitialMargin": fixed(margin.position_initial),
        "totalOpenOrderInitialMargin": fixed(margin.order_initial),
        "totalCrossWalletBalance": fixed(margin.wallet),
        "totalCrossUnPnl": fixed(margin.unrealised),
        "availableBalance": fixed(margin.available),
        "maxWithdrawAmount": fixed(margin.withdrawable),
    }


def _asset(call: Call, margin: Margin) -> Json:
    return {
        "asset": "USDT",
        "walletBalance": fixed(margin.wallet),
        "unrealizedProfit": fixed(margin.unrealised),
        "marginBalance": fixed(margin.balance),
        "maintMargin": fixed(margin.maintenance),
        "initialMargin": fixed(margin.position_initial + margin.order_initial),
        "positionInitialMargin": fixed(margin.position_initial),
        "openOrderInitialMargin": fixed(margin.order_initial),
        "crossWalletBalance": fixed(margin.wallet),
        "crossUnPnl": fixed(margin.unrealised),
        "availableBalance": fixed(margin.available),
        "maxWithdrawAmount": fixed(margin.withdrawable),
        "marginAvailable": True,
        "updateTime": call.venue.clock.now_ms(),
    }


ROUTES: Routes = {
    ("GET", "/fapi/v2/balance"): Endpoint(balance, "futures", 5, Security.SIGNED),
    ("GET", "/fapi/v3/balance"): Endpoint(balance, "futures", 5, Security.SIGNED),
    ("GET", "/fapi/v2/account"): Endpoint(account_v2, "futures", 5, Security.SIGNED),
    ("GET", "/fapi/v3/account"): Endpoint(account_v3, "futures", 5, Security.SIGNED),
    ("POST", "/fapi/v1/listenKey"): Endpoint(create_listen_key, "futures", 1, Security.KEY),
    ("PUT", "/fapi/v1/listenKey"): Endpoint(prolong_listen_key, "futures", 1, Security.KEY),
    ("DELETE", "/fapi/v1/listenKey"): Endpoint(delete_listen_key, "futures", 1, Security.KEY),
}
