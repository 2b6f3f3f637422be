"""Who sends transactions in these tests: a wallet of its own, with money, and what it has approved."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx

from tests.gateway_peer.peer import GatewayPeer

WETH_USDC: Final = "0x88e6A0c2dDD26FEEb64F039a2c41296FcB3f5640"
WETH_USDT: Final = "0x11b815efB8f581194ae79006d24E0d814B7697F6"
PLACE: Final = {"connector": "uniswap", "network": "ethereum-mainnet"}
PACE: Final = {
    "look_every_s": 0.1,
    "settle_s": 0.6,
    "wait_s": 6,
    "turn_every_s": 0.02,
    "give_up_s": 3600,
}
"""A simulated chain is quick; what is dropped by age only has tests of its own."""

Told = Mapping[str, Any]


@dataclass(frozen=True)
class Trader:
    api: httpx.AsyncClient
    peer: GatewayPeer
    address: str

    async def post(self, path: str, **fields: object) -> httpx.Response:
        """As the client says it, with this wallet."""
        told = {**PLACE, "wallet_address": self.address, **fields}
        return await self.api.post(path, json={name: value for name, value in told.items() if value is not None})

    async def good(self, path: str, **fields: object) -> dict[str, Any]:
        answer = await self.post(path, **fields)
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told

    async def swap(self, **fields: object) -> httpx.Response:
        asked = {"trading_pair": "WETH-USDC", "side": "SELL", "amount": "0.1", "slippage_pct": "1"}
        return await self.post("/gateway/swap/execute", **(asked | fields))

    async def open(self, **fields: object) -> httpx.Response:
        asked = {
            "token0": "WETH",
            "token1": "USDC",
            "fee": "LOW",
            "lower_price": "1800",
            "upper_price": "2200",
            "base_token_amount": "1",
            "quote_token_amount": "2000",
        }
        return await self.post("/gateway/clmm/open", **(asked | fields))

    async def opened(self, **fields: object) -> dict[str, Any]:
        answer = await self.open(**fields)
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told

    async def transaction(self, key: str) -> dict[str, Any]:
        answer = await self.api.get(f"/gateway/transactions/{key}")
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told

    async def state(self, key: str) -> str:
        return str((await self.transaction(key))["state"])

    async def swaps(self, **filters: object) -> list[dict[str, Any]]:
        """Of this wallet, newest first."""
        asked = {"wallet_address": self.address, **filters}
        found = await self.api.post("/gateway/swaps/search", json=asked)
        assert found.status_code == 200, found.text
        rows: list[dict[str, Any]] = found.json()["data"]
        return rows

    async def position(self, address: str, **more: object) -> dict[str, Any]:
        asked = {"wallet_address": self.address, "position_addresses": [address], **more}
        found = await self.api.post("/gateway/clmm/positions/search", json=asked)
        assert found.status_code == 200, found.text
        row: dict[str, Any] = found.json()["data"][0]
        return row

    async def events(self, address: str) -> list[dict[str, Any]]:
        asked = {"network": "ethereum-mainnet", "wallet_address": self.address}
        found = await self.api.get(f"/gateway/clmm/positions/{address}/events", params=asked)
        assert found.status_code == 200, found.text
        rows: list[dict[str, Any]] = found.json()["data"]
        return rows


async def new_trader(api: httpx.AsyncClient, peer: GatewayPeer, *, approved: bool = True) -> Trader:
    """With a key of its own, so that what other tests have left unfinished is nobody's queue. Gateway takes its time
    again once all is approved."""
    async with peer.client() as gateway:
        added = await gateway.post("/wallet/add", json={"chain": "ethereum", "privateKey": secrets.token_hex(32)})
        address = added.json()["address"]
        for token, amount in (("ETH", 10), ("WETH", 100), ("USDC", 200_000), ("USDT", 200_000)):
            await peer.fund(address, token, amount)
        timing = await peer.control("POST", "/timing")
        await peer.timing(send_s=0)
        for token in ("WETH", "USDC", "USDT") if approved else ():
            for spender in ("uniswap/router", "uniswap/clmm", "uniswap/clmm/swap", "uniswap/amm"):
                asked = {"network": "mainnet", "address": address, "spender": spender, "token": token}
                assert (await gateway.post("/chains/ethereum/approve", json=asked)).status_code == 200
        await peer.timing(**timing)
    return Trader(api, peer, address)
