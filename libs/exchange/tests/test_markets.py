"""One market table for everybody, refreshed by the hour."""

import asyncio

import pytest

from aviary_exchange import open_public
from aviary_exchange.catalogue import find
from aviary_exchange.ccxt_adapter import markets
from aviary_exchange.errors import VenueUnavailable
from aviary_exchange.settings import ExchangeSettings

from .conftest import LIFTED_WEIGHT, Sandbox


async def test_everybody_shares_one_table(settings: ExchangeSettings) -> None:
    exchanges = [open_public("sandbox", settings) for _ in range(4)]
    try:
        first, *others = await asyncio.gather(*(exchange.rules() for exchange in exchanges))
        assert all(other is first for other in others)
    finally:
        for exchange in exchanges:
            await exchange.close()


async def test_the_venues_stated_weight_limit_is_learned(settings: ExchangeSettings) -> None:
    table = await markets.markets_of(find("sandbox"), settings).table()
    assert table.weight_limit == LIFTED_WEIGHT


async def test_an_old_table_is_replaced(settings: ExchangeSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    exchange = open_public("sandbox", settings)
    try:
        old = await exchange.rules()
        monkeypatch.setattr(markets, "REFRESH_S", 0)
        new = await exchange.rules()
        assert new is not old
        assert new == old
    finally:
        await exchange.close()


async def test_an_old_table_serves_on_while_the_venue_is_away(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    urls = {"sandbox": sandbox.url}
    exchange = open_public("sandbox", ExchangeSettings(base_urls=urls, timeout_s=4))
    try:
        old = await exchange.rules()
        monkeypatch.setattr(markets, "REFRESH_S", 0)
        monkeypatch.setattr(markets, "LOADING_TAKES_AT_MOST_S", 0.0)
        assert await exchange.rules() is old
    finally:
        await exchange.close()


async def test_a_venue_that_was_away_at_first_is_asked_again(sandbox: Sandbox, unused_tcp_port: int) -> None:
    exchange = open_public("sandbox", ExchangeSettings(base_urls={"sandbox": f"http://127.0.0.1:{unused_tcp_port}"}))
    try:
        for _ in range(2):
            with pytest.raises(VenueUnavailable, match="could not be reached"):
                await exchange.rules()
    finally:
        await exchange.close()
