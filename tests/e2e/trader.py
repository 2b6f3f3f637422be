"""An account seen from both sides: through the edge, and in the venue's own books."""

import json
import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import httpx

CONNECTOR = "sandbox"
PAIR = "BTC-USDT"
SYMBOL = "BTCUSDT"
FAR_BELOW = "30000"
"""A price that nobody sells at: the order rests."""

Json = dict[str, Any]

_SAME_STATE = {"NEW": "OPEN", "PARTIALLY_FILLED": "PARTIALLY_FILLED", "FILLED": "FILLED", "CANCELED": "CANCELLED"}


def exact(response: httpx.Response) -> Any:
    """The JSON, its numbers as they are written."""
    assert response.is_success, response.text
    return json.loads(response.text, parse_float=Decimal, parse_int=Decimal)


@dataclass(frozen=True)
class Trader:
    client: httpx.AsyncClient
    venue: httpx.AsyncClient
    account: str
    key: str

    @property
    def secret(self) -> str:
        return f"{self.key}-secret"

    async def add_credential(self, **fields: str) -> httpx.Response:
        keys = {"api_key": self.key, "api_secret": self.secret, **fields}
        return await self.client.post(f"/accounts/add-credential/{self.account}/{CONNECTOR}", json=keys)

    async def place(self, **wanted: object) -> httpx.Response:
        """A small limit order that rests, unless something else is wanted; ``None`` leaves a field out."""
        order: Json = {
            "account_name": self.account,
            "connector_name": CONNECTOR,
            "trading_pair": PAIR,
            "trade_type": "BUY",
            "order_type": "LIMIT",
            "amount": "0.0002",
            "price": FAR_BELOW,
        }
        body = {name: value for name, value in (order | wanted).items() if value is not None}
        return await self.client.post("/trading/orders", json=body)

    async def cancel(self, order_id: str) -> httpx.Response:
        return await self.client.post(f"/trading/{self.account}/{CONNECTOR}/orders/{order_id}/cancel")

    async def orders(self) -> dict[str, Json]:
        """All that Aviary knows of, by client order id."""
        found: dict[str, Json] = {}
        cursor = None
        while True:
            wanted = {"account_names": [self.account], "limit": 500, "cursor": cursor}
            page = exact(await self.client.post("/trading/orders/search", json=wanted))
            found |= {order["client_order_id"]: order for order in page["data"]}
            cursor = page["next_cursor"]
            if cursor is None:
                return found

    async def status(self, order_id: str) -> str | None:
        order = (await self.orders()).get(order_id)
        return str(order["status"]) if order else None

    async def trades(self) -> list[Json]:
        page = exact(await self.client.post("/trading/trades", json={"account_names": [self.account]}))
        return list(page["data"])

    async def holdings(self, *, refresh: bool = False) -> dict[str, Json]:
        """By token."""
        wanted = {"account_names": [self.account], "refresh": refresh}
        state = exact(await self.client.post("/portfolio/state", json=wanted))
        return {each["token"]: each for each in state[self.account][CONNECTOR]}

    async def books(self) -> Json:
        """What the venue has for these keys on spot: ``balances``, ``orders``, ``trades``, as exact text."""
        answer = await self.venue.get(f"/sandbox/accounts/{self.key}")
        assert answer.is_success, answer.text
        spot: Json = answer.json()["spot"]
        return spot

    async def is_filled(self, order_id: str) -> bool:
        return await self.status(order_id) == "FILLED"

    async def disagreements(self) -> list[str]:
        """Between our orders and the venue's: lost, doubled, unknown, or in another state."""
        theirs = [(order["clientOrderId"], _SAME_STATE[order["status"]]) for order in (await self.books())["orders"]]
        ours = {name: order["status"] for name, order in (await self.orders()).items()}
        doubled = {name for name, _ in theirs if [each for each, _ in theirs].count(name) > 1}
        venue = dict(theirs)
        at_venue = {name: status for name, status in ours.items() if status != "FAILED"}
        return [
            *(f"{name} is doubled at the venue" for name in doubled),
            *(
                f"{name}: {ours.get(name)} here, {venue.get(name)} there"
                for name in venue.keys() | at_venue.keys()
                if ours.get(name) != venue.get(name)
            ),
        ]

    async def agrees(self) -> bool:
        return not await self.disagreements()


async def new_trader(client: httpx.AsyncClient, venue: httpx.AsyncClient) -> Trader:
    name = uuid.uuid4().hex[:12]
    trader = Trader(client, venue, f"account-{name}", f"key-{name}")
    added = await client.post("/accounts/add-account", json={"account_name": trader.account})
    assert added.status_code == 201, added.text
    accepted = await trader.add_credential()
    assert accepted.status_code == 201, accepted.text
    return trader
