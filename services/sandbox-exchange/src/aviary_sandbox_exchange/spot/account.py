"""Spot accounts: balances, commission, listen keys, and the few wallet routes that clients ask for."""

import zlib

from aviary_sandbox_exchange.errors import Reason, VenueError
from aviary_sandbox_exchange.http.endpoints import Call, Endpoint, Routes, Security
from aviary_sandbox_exchange.pairs import ASSETS
from aviary_sandbox_exchange.spot.rules import order_limits
from aviary_sandbox_exchange.units import fixed
from aviary_sandbox_exchange.ws.listen_keys import ListenKey

Json = dict[str, object]
RATE = "0.00100000"
NO_RATE = "0.00000000"
NAMES = {
    "USDT": "TetherUS",
    "USDC": "USD Coin",
    "BTC": "Bitcoin",
    "ETH": "Ethereum",
    "SOL": "Solana",
    "DOGE": "Dogecoin",
    "BNB": "BNB",
}


def account(call: Call) -> Json:
    balances = call.venue.ledger.accounts[call.account]
    hide_zero = call.params.flag("omitZeroBalances")
    return {
        "makerCommission": 10,
        "takerCommission": 10,
        "buyerCommission": 0,
        "sellerCommission": 0,
        "commissionRates": {"maker": RATE, "taker": RATE, "buyer": NO_RATE, "seller": NO_RATE},
        "canTrade": True,
        "canWithdraw": True,
        "canDeposit": True,
        "brokered": False,
        "requireSelfTradePrevention": False,
        "preventSor": False,
        "updateTime": call.venue.clock.now_ms(),
        "accountType": "SPOT",
        "balances": [
            {"asset": asset, "free": fixed(balance.free), "locked": fixed(balance.locked)}
            for asset, balance in balances.items()
            if not hide_zero or balance.free or balance.locked
        ],
        "permissions": ["SPOT"],
        "uid": zlib.crc32(call.account.encode()),
    }


def commission(call: Call) -> Json:
    pair = call.market().pair
    none = {"maker": NO_RATE, "taker": NO_RATE, "buyer": NO_RATE, "seller": NO_RATE}
    return {
        "symbol": pair.symbol,
        "standardCommission": {"maker": RATE, "taker": RATE, "buyer": NO_RATE, "seller": NO_RATE},
        "taxCommission": none,
        "specialCommission": none,
        "discount": {
            "enabledForAccount": False,
            "enabledForSymbol": False,
            "discountAsset": "BNB",
            "discount": NO_RATE,
        },
    }


def trade_fee(call: Call) -> list[Json]:
    markets = [call.market()] if "symbol" in call.params else call.venue.spot.markets.values()
    return [
        {"symbol": market.pair.symbol, "makerCommission": "0.001", "takerCommission": "0.001"} for market in markets
    ]


def order_rate(call: Call) -> list[Json]:
    limits = call.venue.limits
    counts = [limits.orders_in("spot", call.account, interval) for interval in limits.limits["spot"].orders]
    views = order_limits(limits.limits["spot"])
    return [{**view, "count": count} for view, count in zip(views, counts, strict=True)]


def create_listen_key(call: Call) -> Json:
    return {"listenKey": call.venue.listen_keys.create("spot", call.account)}


def prolong_listen_key(call: Call) -> Json:
    call.venue.listen_keys.prolong(_listen_key(call))
    return {}


def delete_listen_key(call: Call) -> Json:
    call.venue.listen_keys.delete(_listen_key(call))
    return {}


def coins(call: Call) -> list[Json]:
    """One network per coin, closed: nothing enters or leaves a sandbox this way."""
    balances = call.venue.ledger.accounts[call.account]
    return [
        {
            "coin": asset,
            "depositAllEnable": False,
            "withdrawAllEnable": False,
            "name": NAMES[asset],
            "free": fixed(balances[asset].free) if asset in balances else NO_RATE,
            "locked": fixed(balances[asset].locked) if asset in balances else NO_RATE,
            "freeze": NO_RATE,
            "withdrawing": NO_RATE,
            "ipoing": NO_RATE,
            "ipoable": NO_RATE,
            "storage": NO_RATE,
            "isLegalMoney": False,
            "trading": True,
            "networkList": [],
        }
        for asset in ASSETS
    ]


def system_status(call: Call) -> Json:  # noqa: ARG001
    return {"status": 0, "msg": "normal"}


def margin_pairs(call: Call) -> list[Json]:  # noqa: ARG001
    """There is no margin trading here, so no pair has it."""
    return []


def _listen_key(call: Call) -> ListenKey:
    key = call.venue.listen_keys.find("spot", call.params.text("listenKey"))
    if key is None or key.account != call.account:
        raise VenueError(Reason.BAD_LISTEN_KEY)
    return key


ROUTES: Routes = {
    ("GET", "/api/v3/account"): Endpoint(account, "spot", 20, Security.SIGNED),
    ("GET", "/api/v3/account/commission"): Endpoint(commission, "spot", 20, Security.SIGNED),
    ("GET", "/api/v3/rateLimit/order"): Endpoint(order_rate, "spot", 40, Security.SIGNED),
    ("POST", "/api/v3/userDataStream"): Endpoint(create_listen_key, "spot", 2, Security.KEY),
    ("PUT", "/api/v3/userDataStream"): Endpoint(prolong_listen_key, "spot", 2, Security.KEY),
    ("DELETE", "/api/v3/userDataStream"): Endpoint(delete_listen_key, "spot", 2, Security.KEY),
    ("GET", "/sapi/v1/capital/config/getall"): Endpoint(coins, "spot", 10, Security.SIGNED),
    ("GET", "/sapi/v1/asset/tradeFee"): Endpoint(trade_fee, "spot", 1, Security.SIGNED),
    ("GET", "/sapi/v1/margin/allPairs"): Endpoint(margin_pairs, "spot", 1, Security.KEY),
    ("GET", "/sapi/v1/margin/isolated/allPairs"): Endpoint(margin_pairs, "spot", 10, Security.KEY),
    ("GET", "/sapi/v1/system/status"): Endpoint(system_status, "spot", 1),
}
