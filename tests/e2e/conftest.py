"""One stack for all of these tests; each test trades on an account and with keys of its own."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import httpx
import pytest

from tests.e2e.trader import Trader, new_trader
from tests.stack import Stack, running_stack

NO_LIMITS = {"side": "spot", "weight": 10_000_000, "orders": {"10S": 10_000_000, "1D": 100_000_000}}

NewTrader = Callable[[], Awaitable[Trader]]


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with running_stack(tmp_path_factory.mktemp("stack")) as running:
        yield running


@pytest.fixture(scope="session")
async def client(stack: Stack) -> AsyncIterator[httpx.AsyncClient]:
    """Logged in, through the edge."""
    async with httpx.AsyncClient(base_url=stack.url, auth=stack.login, timeout=30) as client:
        yield client


@pytest.fixture(scope="session")
async def stranger(stack: Stack) -> AsyncIterator[httpx.AsyncClient]:
    """Without a login."""
    async with httpx.AsyncClient(base_url=stack.url, timeout=30) as client:
        yield client


@pytest.fixture(scope="session")
async def venue(stack: Stack) -> AsyncIterator[httpx.AsyncClient]:
    """The sandbox exchange itself, at its own port, with its control plane."""
    async with httpx.AsyncClient(base_url=stack.sandbox_url, timeout=10) as client:
        yield client


@pytest.fixture
async def trader(client: httpx.AsyncClient, venue: httpx.AsyncClient) -> AsyncIterator[Trader]:
    """With the venue's limits on requests out of the way. Its account goes with the test: our own budget for the
    venue is shared by all."""
    (await venue.post("/sandbox/limits", json=NO_LIMITS)).raise_for_status()
    trader = await new_trader(client, venue)
    yield trader
    await client.post("/accounts/delete-account", params={"account_name": trader.account})
