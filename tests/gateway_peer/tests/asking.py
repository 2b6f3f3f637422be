"""Gateway as the tests ask it."""

from typing import Any

import httpx

PRIVATE_KEY = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"
ADDRESS = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"
SPENDERS = ("uniswap/router", "uniswap/clmm", "uniswap/clmm/swap", "uniswap/amm")


class Asker:
    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def get(self, path: str, /, **query: Any) -> Any:
        return _accepted(await self.client.get(path, params=query))

    async def post(self, path: str, /, **body: Any) -> Any:
        return _accepted(await self.client.post(path, json=body))

    async def delete(self, path: str, /, **query: Any) -> Any:
        return _accepted(await self.client.delete(path, params=query))

    async def get_refused(self, status: int, path: str, /, **query: Any) -> str:
        return _refused(await self.client.get(path, params=query), status)

    async def post_refused(self, status: int, path: str, /, **body: Any) -> str:
        """The message."""
        return _refused(await self.client.post(path, json=body), status)

    async def approve(self, spender: str, *tokens: str) -> None:
        for token in tokens:
            await self.post(
                "/chains/ethereum/approve", network="mainnet", address=ADDRESS, spender=spender, token=token
            )

    async def balance(self, token: str) -> float:
        told = await self.post("/chains/ethereum/balances", network="mainnet", address=ADDRESS, tokens=[token])
        return float(told["balances"][token])

    async def poll(self, signature: str) -> Any:
        return await self.post("/chains/ethereum/poll", network="mainnet", signature=signature)


def _accepted(answer: httpx.Response) -> Any:
    assert answer.status_code == 200, answer.text
    return answer.json() if answer.content else None


def _refused(answer: httpx.Response, status: int) -> str:
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert body["statusCode"] == status
    return str(body["message"])
