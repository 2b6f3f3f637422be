"""Accounts as a test compares them: everything, as exact decimal strings."""

from aviary_sandbox_exchange.engine.orders import Fill, Order
from aviary_sandbox_exchange.futures.views import order_view as futures_order
from aviary_sandbox_exchange.futures.views import trade_view as futures_trade
from aviary_sandbox_exchange.pairs import Side
from aviary_sandbox_exchange.spot.views import order_view as spot_order
from aviary_sandbox_exchange.spot.views import trade_view as spot_trade
from aviary_sandbox_exchange.units import fixed
from aviary_sandbox_exchange.venue import Venue

Json = dict[str, object]


def account_view(venue: Venue, account: str) -> Json:
    wallet = venue.wallets.of(account)
    return {
        "account": account,
        "spot": {
            "balances": {
                asset: {"free": fixed(balance.free), "locked": fixed(balance.locked)}
                for asset, balance in sorted(venue.ledger.accounts.get(account, {}).items())
            },
            "orders": [spot_order(order) for order in _orders(venue, "spot", account)],
            "trades": [spot_trade(fill) for fill in _fills(venue, "spot", account)],
        },
        "futures": {
            "wallet": fixed(wallet.amount),
            "hedges": venue.preferences.hedges(account),
            "positions": {
                symbol if side == "BOTH" else f"{symbol} {side}": {
                    "quantity": fixed(position.quantity),
                    "cost": fixed(position.cost),
                }
                for (symbol, side), position in sorted(wallet.positions.items())
            },
            "orders": [futures_order(order) for order in _orders(venue, "futures", account)],
            "trades": [futures_trade(fill) for fill in _fills(venue, "futures", account)],
        },
    }


def totals_view(venue: Venue) -> Json:
    """Conservation: every one of these sums is zero."""
    money, quantities = venue.wallets.imbalance()
    return {
        "spot": {asset: fixed(total) for asset, total in sorted(venue.ledger.totals().items())},
        "futures": {
            "wallets_less_cost": fixed(money),
            "positions": {symbol: fixed(quantity) for symbol, quantity in sorted(quantities.items())},
        },
    }


def _orders(venue: Venue, side: Side, account: str) -> list[Order]:
    return venue.desk(side).store.all_orders(account)


def _fills(venue: Venue, side: Side, account: str) -> list[Fill]:
    return sorted(venue.desk(side).store.fills(account, None), key=lambda fill: (fill.time_ms, fill.trade_id))
