"""Funding of several pairs at venues other than Binance: in one call, and honest about what the call leaves out."""

from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from aviary_exchange.ccxt_adapter import funding
from aviary_exchange.ccxt_adapter.markets import MarketTable
from aviary_exchange.ccxt_adapter.private import CcxtPrivateExchange
from aviary_exchange.ccxt_adapter.symbols import Listing, Pairs
from aviary_exchange.errors import Unsupported
from aviary_exchange.settings import ExchangeSettings

from .offline import open_offline

PAIRS = ["BTC-USDT", "ETH-USDT", "SOL-USDT"]
SYMBOLS = [f"{pair.replace('-', '/')}:USDT" for pair in PAIRS]


class Venue:
    """Tells all rates at once, without a mark price of ETH and without SOL."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    async def all_rates(self, symbols: list[str]) -> dict[str, dict[str, Any]]:
        self.calls.append("all")
        assert symbols == SYMBOLS
        return {
            SYMBOLS[0]: {"fundingRate": "0.0001", "markPrice": "50000.5", "indexPrice": None, "fundingTimestamp": 8000},
            SYMBOLS[1]: {"fundingRate": "0.0002", "markPrice": None},
        }

    async def one_rate(self, symbol: str) -> dict[str, Any]:
        self.calls.append(symbol)
        return {"fundingRate": "0.0003", "markPrice": "10", "indexPrice": "11", "fundingTimestamp": None}


@pytest.fixture
async def exchange(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[CcxtPrivateExchange]:
    opened = open_offline(request.param, ExchangeSettings(), monkeypatch)
    listings = [
        Listing(pair, symbol, pair.replace("-", ""), pair[:3], "USDT", "USDT", Decimal(1))
        for pair, symbol in zip(PAIRS, SYMBOLS, strict=True)
    ]
    table = await opened._session.table()
    known = replace(table, pairs=Pairs(opened.connector, listings))

    async def known_table(**_options: object) -> MarketTable:
        return known

    monkeypatch.setattr(opened._session, "table", known_table)
    yield opened
    await opened.close()


@pytest.mark.parametrize("exchange", ["bybit_perpetual"], indirect=True)
async def test_what_one_call_leaves_out_is_asked_for_pair_by_pair(exchange: CcxtPrivateExchange) -> None:
    venue = Venue()
    exchange._exchange.has["fetchFundingRates"] = True
    exchange._exchange.fetch_funding_rates, exchange._exchange.fetch_funding_rate = venue.all_rates, venue.one_rate
    found = await exchange.funding_infos(PAIRS)
    assert venue.calls == ["all", *SYMBOLS[1:]]
    assert {pair: (info.rate, info.mark_price, info.index_price) for pair, info in found.items()} == {
        "BTC-USDT": (Decimal("0.0001"), Decimal("50000.5"), None),
        "ETH-USDT": (Decimal("0.0003"), Decimal(10), Decimal(11)),
        "SOL-USDT": (Decimal("0.0003"), Decimal(10), Decimal(11)),
    }


@pytest.mark.parametrize("exchange", ["bybit_perpetual"], indirect=True)
async def test_a_venue_that_tells_one_pair_at_a_time_is_asked_so(exchange: CcxtPrivateExchange) -> None:
    venue = Venue()
    exchange._exchange.has["fetchFundingRates"] = False
    exchange._exchange.fetch_funding_rate = venue.one_rate
    assert list(await exchange.funding_infos(PAIRS)) == PAIRS
    assert venue.calls == SYMBOLS


@pytest.mark.parametrize("exchange", ["bybit"], indirect=True)
async def test_a_spot_connector_has_none(exchange: CcxtPrivateExchange) -> None:
    with pytest.raises(Unsupported, match="spot connector"):
        await funding.funding_infos(exchange._session, PAIRS)
