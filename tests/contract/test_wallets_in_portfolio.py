"""Wallets of a Gateway in the portfolio, through the three services that share the work."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from aviary_accounts import app as accounts
from aviary_gateway_proxy import app as gateway_proxy
from aviary_local.testing import Servers
from aviary_market_data import app as market_data
from aviary_testing.apps import environment, running_app
from aviary_testing.sandbox import Sandbox
from aviary_testing.waiting import eventually
from tests.gateway_peer.chain.network import Link
from tests.gateway_peer.keys import evm_address
from tests.gateway_peer.peer import GatewayPeer

KEY = "4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318"
WALLET = evm_address(KEY)
QUICK = {"AVIARY_SNAPSHOT_EVERY_S": "0", "AVIARY_FEEDS_MAX": "0", "AVIARY_NODE_SEEN_FOR_S": "0"}


@pytest.fixture
async def peer(tmp_path: Path) -> AsyncIterator[GatewayPeer]:
    async with GatewayPeer(tmp_path) as running:
        yield running


@pytest.fixture
async def services(
    servers: Servers, sandbox: Sandbox, peer: GatewayPeer
) -> AsyncIterator[dict[str, httpx.AsyncClient]]:
    made = {"market-data": market_data, "gateway-proxy": gateway_proxy, "accounts": accounts}
    more = QUICK | {"AVIARY_GATEWAY_URL": peer.url, "AVIARY_WALLETS_MAX_AGE_S": "0"}
    async with AsyncExitStack() as stack:
        yield {
            name: await stack.enter_async_context(running_app(app.create, environment(servers, name, sandbox) | more))
            for name, app in made.items()
        }


async def state(services: dict[str, httpx.AsyncClient], **filters: Any) -> httpx.Response:
    return await services["accounts"].post("/portfolio/state", json={"account_names": ["master_account"], **filters})


async def test_wallets_are_in_the_portfolio_with_prices_of_the_market(
    services: dict[str, httpx.AsyncClient], peer: GatewayPeer
) -> None:
    body = {"chain": "ethereum", "private_key": KEY}
    assert (await services["gateway-proxy"].post("/accounts/gateway/add-wallet", json=body)).status_code == 201
    for token, amount in (("ETH", 2), ("WETH", 1), ("USDC", 300), ("DAI", 5)):
        await peer.fund(WALLET, token, amount)
    rates = await services["market-data"].post("/rate-oracle/rates", json={"trading_pairs": ["ETH-USDT"]})
    price = rates.json()["rates"]["ETH-USDT"]

    async def is_told() -> bool:
        return "ethereum-mainnet" in (await state(services)).json()["master_account"]

    await eventually(is_told)
    held = {each["token"]: each for each in (await state(services)).json()["master_account"]["ethereum-mainnet"]}
    assert {token: each["units"] for token, each in held.items()} == {"ETH": 2, "WETH": 1, "USDC": 300, "DAI": 5}
    assert held["USDC"]["value"] == 300
    assert held["WETH"]["price"] == pytest.approx(price, rel=0.05)
    assert held["DAI"]["price"] is None

    await peer.links(gateway=Link.ERROR)
    assert (await state(services)).json()["master_account"]["ethereum-mainnet"]
    dead = await state(services, refresh=True)
    assert dead.status_code == 503
    assert "ethereum-mainnet" in dead.json()["detail"]

    await peer.control("POST", "/gateway", up=False)
    gone = await state(services)
    assert (gone.status_code, gone.json()["master_account"]) == (200, {})
