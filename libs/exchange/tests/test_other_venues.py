"""Venues that cannot be reached in a test: what would go out, taken at the last step before the network."""

import json
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

import pytest

from aviary_exchange.ccxt_adapter.hooks import CURRENT
from aviary_exchange.settings import ExchangeSettings
from aviary_exchange.types import NewOrder, OrderType, TradeType, Unknown

from .offline import open_offline

OUR_ID = "aviary-0123456789abcdef-01"
REFERRALS = ("ccxt", "6b9ad766b55dbcde", "x-tkt5px2f", "x-cvbprnm9", "1400")

VENUES = [
    "backpack",
    "binance",
    "binance_perpetual",
    "bing_x",
    "bitget",
    "bitget_perpetual",
    "bitrue",
    "bitstamp",
    "btc_markets",
    "bybit",
    "bybit_perpetual",
    "coinbase_advanced_trade",
    "foxbit",
    "gate_io",
    "kraken",
    "kucoin",
    "mexc",
    "okx",
    "okx_perpetual",
]
PERPETUALS = [name for name in VENUES if name.endswith("_perpetual")]


class Wiretapped:
    """A connector whose requests are kept and answered with an empty object."""

    def __init__(self, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self.exchange = open_offline(name, ExchangeSettings(), monkeypatch)
        self.exchange._exchange.session = None
        self.requests: list[str] = []
        self.bodies: list[dict[str, Any]] = []
        self.answers: dict[str, dict[str, Any]] = {}
        """By the end of an address."""
        monkeypatch.setattr(type(self.exchange._exchange).__mro__[2], "fetch", self._keep)

    async def _keep(self, url: str, method: str, headers: Any, body: Any) -> dict[str, Any]:
        call = CURRENT.get()
        assert call is not None
        if method != "GET":
            self.requests.append(f"{url} {headers} {body}")
            self.bodies.append(_read(body))
        return next((answer for path, answer in self.answers.items() if url.endswith(path)), {})


def _read(body: str | None) -> dict[str, Any]:
    """JSON, or a form; of a list the first."""
    if not body:
        return {}
    sent: Any = json.loads(body) if body[0] in "{[" else dict(parse_qsl(body))
    first: dict[str, Any] = sent[0] if isinstance(sent, list) else sent
    return first


@pytest.fixture
async def venue(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Wiretapped]:
    tapped = Wiretapped(request.param, monkeypatch)
    yield tapped
    await tapped.exchange.close()


def order(amount: str = "0.123") -> NewOrder:
    return NewOrder(OUR_ID, "BTC-USDT", TradeType.BUY, OrderType.LIMIT, Decimal(amount), Decimal(50000))


@pytest.mark.parametrize("venue", VENUES, indirect=True)
async def test_orders_carry_our_client_id_and_nobodys_referral(venue: Wiretapped) -> None:
    outcome = await venue.exchange.place(order())
    assert isinstance(outcome, Unknown), outcome  # the empty answer tells nothing
    (sent,) = venue.requests
    assert venue.exchange._ids.to_venue(OUR_ID) in sent
    for referral in REFERRALS:
        assert referral not in sent.lower()


@pytest.mark.parametrize("venue", PERPETUALS, indirect=True)
async def test_perpetual_amounts_go_out_in_contracts(venue: Wiretapped) -> None:
    await venue.exchange.place(order())
    assert "12.3" in venue.requests[0]
    assert "0.123" not in venue.requests[0]


@pytest.mark.parametrize("venue", VENUES, indirect=True)
async def test_cancelling_names_the_order(venue: Wiretapped) -> None:
    await venue.exchange.cancel("BTC-USDT", OUR_ID, "order-77")
    (sent,) = venue.requests
    assert venue.exchange._ids.to_venue(OUR_ID) in sent or "order-77" in sent
