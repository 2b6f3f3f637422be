"""Binance itself, its addresses untouched, through an HTTPS proxy with a CA of its own that leads to the sandbox."""

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from aviary_exchange import open_private
from aviary_exchange.errors import CredentialsRefused, VenueUnavailable
from aviary_exchange.settings import ExchangeSettings
from aviary_exchange.types import OrderReport, VenueOrderState

from .behaviour.steps import listening, new_order
from .conftest import Sandbox
from .connect_proxy import ConnectProxy, connect_proxy


@pytest.fixture
async def proxy(sandbox: Sandbox, tmp_path: Path) -> AsyncIterator[ConnectProxy]:
    async with connect_proxy(urlsplit(sandbox.url).port or 0, tmp_path) as opened:
        yield opened


def through(proxy: ConnectProxy, ca_file: Path | None) -> ExchangeSettings:
    return ExchangeSettings(https_proxy=proxy.url, wss_proxy=proxy.url, ca_file=ca_file, timeout_s=10)


@pytest.mark.parametrize(
    ("connector", "rest", "stream"),
    [
        ("binance", "api.binance.com:443", "ws-api.binance.com:443"),
        ("binance_perpetual", "fapi.binance.com:443", "fstream.binance.com:443"),
    ],
)
async def test_rest_and_stream_go_through_the_proxy(
    proxy: ConnectProxy, api_key: str, connector: str, rest: str, stream: str
) -> None:
    given = {"api_key": api_key, "api_secret": f"{api_key}-secret"}
    exchange = open_private(connector, given, through(proxy, proxy.ca_file))
    try:
        async with listening(exchange) as events:
            order = new_order(None)
            await exchange.place(order)
            report = await events.first(OrderReport, lambda event: event.state is VenueOrderState.FILLED)
            assert report.client_order_id == order.client_order_id
    finally:
        await exchange.close()
    assert {rest, stream} <= set(proxy.asked)


async def test_a_key_refused_after_it_worked_is_still_a_refused_key(proxy: ConnectProxy, api_key: str) -> None:
    exchange = open_private("binance", {"api_key": api_key, "api_secret": "wrong"}, through(proxy, proxy.ca_file))
    try:
        with pytest.raises(CredentialsRefused):
            await exchange.check()
    finally:
        await exchange.close()


async def test_without_the_ca_file_nothing_is_trusted(proxy: ConnectProxy, api_key: str) -> None:
    exchange = open_private("binance", {"api_key": api_key, "api_secret": "x"}, through(proxy, None))
    try:
        with pytest.raises(VenueUnavailable):
            await exchange.check()
    finally:
        await exchange.close()
