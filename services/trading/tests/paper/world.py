"""Paper accounts on servers of their own, so that a test can start and stop every replica there is."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import httpx

from aviary_common.bus import Bus
from aviary_common.database import Database
from aviary_common.errors import Unavailable
from aviary_local.testing import Servers
from aviary_messages.events import CredentialAdded
from aviary_messages.questions import AwaitSession, CredentialKey, GetBalances, TokenBalance
from aviary_testing.accounts import Accounts
from aviary_testing.apps import environment, running_app
from aviary_testing.sandbox import Sandbox
from aviary_testing.waiting import eventually
from aviary_trading.app import create
from aviary_trading.paper.desk import Desk
from aviary_trading.paper.records import PaperState

from ..trader import Trader

PAPER: Final = "sandbox_paper_trade"
PAIR: Final = "ETH-USDT"
SYMBOL: Final = "ETHUSDT"
HURRIED: Final = {
    "AVIARY_PACE": '{"may_still_arrive_s": 3}',
    "AVIARY_PAPER_LOOK_EVERY_S": "0.2",
    "AVIARY_PAPER_LATENCY": '{"lowest_ms": 1, "median_ms": 3, "highest_ms": 10}',
}


@dataclass(frozen=True)
class World:
    servers: Servers
    venue: Sandbox
    bus: Bus
    accounts: Accounts
    database: Database

    @asynccontextmanager
    async def replica(self) -> AsyncIterator[httpx.AsyncClient]:
        async with running_app(create, environment(self.servers, "trading", self.venue) | HURRIED) as api:
            yield api

    async def trader(self, api: httpx.AsyncClient, connector: str = PAPER) -> Trader:
        """A new account, as when its credentials have just been added."""
        account = f"paper-{secrets.token_hex(5)}"
        key = self.accounts.add(account, connector)
        event = CredentialAdded(account_name=account, connector_name=connector)
        await self.bus.publish(event.subject, event.model_dump(), message_id=account)
        question = AwaitSession(account_name=account, connector_name=connector)

        async def is_live() -> bool:
            try:
                return (await self.bus.ask(question, deadline_s=10)).live
            except Unavailable:
                return False

        await eventually(is_live)
        return Trader(account, key, api, self.venue, connector)

    async def balances(self, trader: Trader, *, refresh: bool = True) -> dict[str, TokenBalance]:
        key = CredentialKey(account_name=trader.account, connector_name=trader.connector)
        (found,) = (await self.bus.ask(GetBalances(keys=[key], refresh=refresh))).connectors
        assert found.problem is None
        return {balance.token: balance for balance in found.balances}

    def desk(self, trader: Trader) -> Desk:
        return Desk((trader.account, trader.connector), self.database)

    async def rests(self, trader: Trader, client_order_id: str) -> bool:
        """It has been held against the market and stands in the queue."""
        order = await self.desk(trader).order(client_order_id)
        return order is not None and order.state is PaperState.RESTING

    async def depth(self) -> dict[str, list[tuple[Decimal, Decimal]]]:
        """The real book: bids and asks, best first, as price and amount."""
        book = await self.venue.public("GET", f"/api/v3/depth?symbol={SYMBOL}&limit=100")
        return {side: [(Decimal(price), Decimal(amount)) for price, amount in book[side]] for side in ("bids", "asks")}

    async def hit(self, taker: str, quantity: Decimal) -> None:
        """A real trade with the best of the other side, of somebody else."""
        await self.venue.control("POST", "/trade", symbol=SYMBOL, taker=taker, quantity=str(quantity), side="spot")


async def place(trader: Trader, **order: Any) -> httpx.Response:
    return await trader.place(**({"trading_pair": PAIR} | order))


async def accepted(trader: Trader, **order: Any) -> str:
    """The client order id of an order that the venue has taken."""
    answer = await place(trader, **order)
    assert (answer.status_code, answer.json()["status"]) == (201, "submitted"), answer.text
    return str(answer.json()["order_id"])


async def fills(trader: Trader, client_order_id: str) -> list[tuple[Decimal, Decimal]]:
    """Price and amount of each, oldest first."""
    found = [trade for trade in await trader.trades() if trade["order_id"] == client_order_id]
    ordered = sorted(found, key=lambda trade: int(str(trade["trade_id"]).rpartition("-")[2]))
    return [(Decimal(str(trade["price"])), Decimal(str(trade["amount"]))) for trade in ordered]


async def has(trader: Trader, client_order_id: str, status: str) -> bool:
    return await trader.status(client_order_id) == status
