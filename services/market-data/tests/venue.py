"""What the venue itself says, asked past Aviary."""

from dataclasses import dataclass
from typing import Any

import httpx

from aviary_testing.sandbox import Sandbox

PATHS = {"sandbox": "/api/v3", "sandbox_perpetual": "/fapi/v1"}


@dataclass
class Venue:
    sandbox: Sandbox
    client: httpx.AsyncClient

    async def ask(self, path: str, connector: str = "sandbox", **query: Any) -> Any:
        answer = await self.client.get(f"{PATHS[connector]}/{path}", params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def price(self, symbol: str, connector: str = "sandbox") -> str:
        """The last price in the venue's own digits."""
        return str((await self.ask("ticker/price", connector, symbol=symbol))["price"])

    async def trade_at(self, symbol: str, price: str) -> None:
        await self.sandbox.control("POST", "/price", symbol=symbol, price=price)

    async def count(self, path: str, **fault: object) -> int:
        """Count the calls of a path from now on; by itself it changes nothing."""
        fault = {"kind": "delay", "count": None} | fault
        added = await self.sandbox.control("POST", "/faults", path=path, **fault)
        return int(added["id"])

    async def counted(self, fault_id: int) -> int:
        return next(int(fault["hits"]) for fault in await self.faults() if fault["id"] == fault_id)

    async def faults(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = await self.sandbox.control("GET", "/faults")
        return found
