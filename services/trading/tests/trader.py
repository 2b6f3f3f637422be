"""Who trades in these tests."""

from dataclasses import dataclass

import httpx

from aviary_testing.sandbox import Sandbox


@dataclass(frozen=True)
class Trader:
    """One account of its own at the sandbox, and what a caller does with it."""

    account: str
    key: str
    api: httpx.AsyncClient
    venue: Sandbox
    connector: str = "sandbox"

    async def place(self, **order: object) -> httpx.Response:
        plain = {
            "account_name": self.account,
            "connector_name": self.connector,
            "trading_pair": "BTC-USDT",
            "trade_type": "BUY",
            "order_type": "LIMIT",
            "amount": "0.001",
            "price": "30000",
        }
        body = {name: value for name, value in (plain | order).items() if value is not None}
        return await self.api.post("/trading/orders", json=body)

    async def cancel(self, client_order_id: str) -> httpx.Response:
        return await self.api.post(f"/trading/{self.account}/{self.connector}/orders/{client_order_id}/cancel")

    async def order(self, client_order_id: str) -> dict[str, object]:
        found = await self.api.post("/trading/orders/search", json={"account_names": [self.account], "limit": 1000})
        return next(order for order in found.json()["data"] if order["order_id"] == client_order_id)

    async def status(self, client_order_id: str) -> object:
        return (await self.order(client_order_id))["status"]

    async def trades(self) -> list[dict[str, object]]:
        found = await self.api.post("/trading/trades", json={"account_names": [self.account], "limit": 1000})
        trades: list[dict[str, object]] = found.json()["data"]
        return trades

    async def books(self) -> dict[str, dict[str, list[dict[str, object]]]]:
        """The venue's own view of the account: spot and futures, each with balances, orders and trades."""
        books: dict[str, dict[str, list[dict[str, object]]]] = await self.venue.control("GET", f"/accounts/{self.key}")
        return books

    async def break_orders(self, **fault: object) -> None:
        """Let the next order call of this account go wrong; the next placing, unless a method is named."""
        plain: dict[str, object] = {"path": "/api/v3/order", "method": "POST", "api_key": self.key}
        await self.venue.control("POST", "/faults", **(plain | fault))
