"""Replicas that share one Valkey, which knows of no feeds yet."""

from collections.abc import AsyncIterator, Awaitable
from contextlib import AsyncExitStack
from typing import Protocol

import httpx
import pytest

from aviary_common.cache import Cache
from aviary_local.testing import Servers
from aviary_market_data.app import create
from aviary_testing.apps import environment, running_app
from aviary_testing.sandbox import Sandbox

from ..venue import Venue

SOON = {"AVIARY_LEASE_TTL_S": "1.5"}


class Start(Protocol):
    def __call__(self, stack: AsyncExitStack | None = None, **variables: str) -> Awaitable[httpx.AsyncClient]:
        """A replica that ends with the stack, or with the test."""
        ...


@pytest.fixture
async def replica(servers: Servers, sandbox: Sandbox, venue: Venue, empty_board: Cache) -> AsyncIterator[Start]:
    await empty_board.flushdb()
    async with AsyncExitStack() as until_the_end:

        async def start(stack: AsyncExitStack | None = None, **variables: str) -> httpx.AsyncClient:
            settings = environment(servers, "market-data", sandbox) | SOON | variables
            return await (stack or until_the_end).enter_async_context(running_app(create, settings))

        yield start
    await empty_board.flushdb()
