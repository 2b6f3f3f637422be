"""Our figures against the sandbox's own books, to the last digit."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from aviary_exchange.port import PrivateExchange
from aviary_exchange.types import TradeType, VenueOrderState

from ..conftest import Sandbox
from .steps import PAIR, new_order, place_resting, until_state


async def books_of(sandbox: Sandbox, connector: str, api_key: str) -> dict[str, Any]:
    account: Any = await sandbox.control("GET", f"/accounts/{api_key}")
    return dict(account["futures" if connector == "sandbox_perpetual" else "spot"])


async def test_fills_are_the_venues_trades(
    exchange: PrivateExchange, sandbox: Sandbox, connector: str, api_key: str
) -> None:
    since = datetime.now(UTC) - timedelta(minutes=1)
    for side, amount in ((TradeType.BUY, "0.35"), (TradeType.SELL, "0.2"), (TradeType.BUY, "0.011")):
        order = new_order(None, side=side, amount=Decimal(amount))
        await exchange.place(order)
        await until_state(exchange, order.client_order_id, VenueOrderState.FILLED)
    trades = (await books_of(sandbox, connector, api_key))["trades"]
    fills = await exchange.fills(PAIR, since=since)
    assert len(fills) >= 3
    assert [
        (fill.trade_id, fill.exchange_order_id, fill.price, fill.amount, fill.fee, fill.fee_currency, fill.is_maker)
        for fill in fills
    ] == [
        (
            str(trade["id"]),
            str(trade["orderId"]),
            Decimal(trade["price"]),
            Decimal(trade["qty"]),
            Decimal(trade["commission"]),
            trade["commissionAsset"],
            trade.get("isMaker", trade.get("maker")),
        )
        for trade in trades
    ]
    assert [fill.at for fill in fills] == sorted(fill.at for fill in fills)


async def test_balances_are_the_venues(
    exchange: PrivateExchange, sandbox: Sandbox, connector: str, api_key: str
) -> None:
    order = new_order(None)
    await exchange.place(order)
    await until_state(exchange, order.client_order_id, VenueOrderState.FILLED)
    await place_resting(exchange)
    books = await books_of(sandbox, connector, api_key)
    balances = {balance.token: balance for balance in await exchange.balances()}
    if connector == "sandbox_perpetual":
        assert {token: balance.total for token, balance in balances.items()} == {"USDT": Decimal(books["wallet"])}
        return
    venue = {token: (Decimal(held["free"]), Decimal(held["locked"])) for token, held in books["balances"].items()}
    assert {token: (balance.available, balance.total - balance.available) for token, balance in balances.items()} == {
        token: held for token, held in venue.items() if any(held)
    }
