"""A stream whose connection is still open, but from which nothing comes any more."""

from urllib.parse import urlsplit

import pytest

from aviary_exchange import open_private
from aviary_exchange.ccxt_adapter import client
from aviary_exchange.settings import ExchangeSettings
from aviary_exchange.types import OrderReport, StreamGap

from .behaviour.steps import listening, place_resting
from .conftest import Sandbox
from .relay import relay_to


async def test_a_silent_connection_is_noticed_and_replaced(
    sandbox: Sandbox, connector: str, api_key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "BINANCE_PING_MS", 200)
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
