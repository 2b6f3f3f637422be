"""A stream whose connection is still open, but from which nothing comes any more, and one whose venue is gone."""

import asyncio
import gc
from contextlib import AsyncExitStack
from urllib.parse import urlsplit

import pytest
from structlog.testing import capture_logs

from aviary_exchange import open_private
from aviary_exchange.ccxt_adapter import client
from aviary_exchange.settings import ExchangeSettings
from aviary_exchange.types import OrderReport, StreamGap
from aviary_testing.waiting import eventually

from .behaviour.steps import listening, place_resting
from .conftest import Sandbox
from .relay import relay_to


async def test_a_silent_connection_is_noticed_and_replaced(
    sandbox: Sandbox, connector: str, api_key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "PING_MS", 200)
    async with relay_to(urlsplit(sandbox.url).port or 0) as relay:
        settings = ExchangeSettings(base_urls={connector: relay.url}, timeout_s=2)
        exchange = open_private(connector, {"api_key": api_key, "api_secret": f"{api_key}-secret"}, settings)
        try:
            async with listening(exchange) as events:
                relay.freeze()
                gap = await events.first(StreamGap, after=1)
                assert "interrupted" in gap.reason
                order, _ = await place_resting(exchange)
                report = await events.first(OrderReport)
                assert report.client_order_id == order.client_order_id
        finally:
            await exchange.close()


async def test_tries_that_fail_leave_nothing_for_asyncio_to_report(
    sandbox: Sandbox, connector: str, api_key: str
) -> None:
    reported: list[object] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _loop, context: reported.append(context["message"]))
    try:
        async with AsyncExitStack() as stack, relay_to(urlsplit(sandbox.url).port or 0) as relay:
            settings = ExchangeSettings(base_urls={connector: relay.url}, timeout_s=2)
            exchange = open_private(connector, {"api_key": api_key, "api_secret": f"{api_key}-secret"}, settings)
            stack.push_async_callback(exchange.close)
            await stack.enter_async_context(listening(exchange))
            await relay.close()
            with capture_logs() as logs:
                await eventually(lambda: [line["event"] for line in logs].count("user stream interrupted") >= 3)
        gc.collect()
        assert reported == []
    finally:
        loop.set_exception_handler(None)
