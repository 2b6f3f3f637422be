"""Funding at venues other than Binance: whole whatever a page holds, and honest where that cannot be known."""

import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from aviary_exchange.ccxt_adapter import binance, funding
from aviary_exchange.ccxt_adapter.private import CcxtPrivateExchange
from aviary_exchange.errors import Unsupported, VenueUnavailable
from aviary_exchange.settings import ExchangeSettings
from aviary_exchange.types import FundingPayment, PositionSide

from .offline import open_offline

SYMBOL = "BTC/USDT:USDT"
HOUR_MS = 3_600_000
PAID = {"amount": "-0.5", "code": "USDT", "rate": "1e-4"}


class Records:
    """What a venue has booked, answered from the newest on, a page at most."""

    def __init__(self, count: int, size: int, *, bounded: bool = True) -> None:
        now_ms = int(time.time() * 1000)
        self.times = [now_ms - (index + 1) * HOUR_MS for index in range(count)]
        self.size = size
        self.bounded = bounded
        self.calls = 0

    async def fetch(self, symbol: str | None, since: int, limit: int, params: dict[str, Any]) -> list[dict[str, Any]]:
        self.calls += 1
        assert limit == self.size
        until = int(params.get("until") or params.get("end") or 10**15) if self.bounded else 10**15
        found = [at for at in self.times if since <= at <= until][:limit]
        return [{"id": str(at), "symbol": symbol or SYMBOL, "timestamp": at, **PAID} for at in found]


@pytest.fixture
async def exchange(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[CcxtPrivateExchange]:
    opened = open_offline(request.param, ExchangeSettings(), monkeypatch)
    opened._exchange.enableRateLimit = False
    yield opened
    await opened.close()


def since_hours(hours: float) -> datetime:
    return datetime.fromtimestamp(time.time() - hours * 3600, UTC)


@pytest.mark.parametrize(("exchange", "sign"), [("bybit_perpetual", 1), ("okx_perpetual", -1)], indirect=["exchange"])
async def test_more_than_a_page_is_read_whole_and_oldest_first(exchange: CcxtPrivateExchange, sign: int) -> None:
    """Hourly funding for a month: seven pages of the size that these venues have."""
    records = Records(700, 100)
    exchange._exchange.fetch_funding_history = records.fetch
    paid = await exchange.funding_payments(since=since_hours(650.5))
    assert [round(payment.at.timestamp() * 1000) for payment in paid] == sorted(records.times[:650])
    assert {payment.amount for payment in paid} == {sign * Decimal("0.5")}
    assert (paid[0].rate, paid[0].currency, paid[0].trading_pair) == (Decimal("0.0001"), "USDT", "BTC-USDT")
    assert len({payment.payment_id for payment in paid}) == 650
    assert records.calls < 40


@pytest.mark.parametrize("exchange", ["backpack_perpetual"], indirect=True)
async def test_a_venue_that_cannot_be_paged_tells_all_or_fails(exchange: CcxtPrivateExchange) -> None:
    exchange._exchange.fetch_funding_history = Records(99, 100, bounded=False).fetch
    assert len(await exchange.funding_payments(since=since_hours(200))) == 99
    exchange._exchange.fetch_funding_history = Records(150, 100, bounded=False).fetch
    with pytest.raises(VenueUnavailable, match="does not tell all funding payments since then"):
        await exchange.funding_payments(since=since_hours(200))


@pytest.mark.parametrize("exchange", ["bitget_perpetual"], indirect=True)
async def test_a_venue_that_tells_one_pair_at_a_time_wants_it_named(exchange: CcxtPrivateExchange) -> None:
    exchange._exchange.fetch_funding_history = Records(3, 100).fetch
    with pytest.raises(Unsupported, match="one pair at a time"):
        await exchange.funding_payments(since=since_hours(10))
    assert len(await exchange.funding_payments(since=since_hours(10), trading_pair="BTC-USDT")) == 3


@pytest.mark.parametrize("exchange", ["okx_perpetual"], indirect=True)
async def test_a_mark_price_is_fetched_where_the_rate_comes_without(exchange: CcxtPrivateExchange) -> None:
    async def rate(_: str) -> dict[str, object]:
        return {"fundingRate": "0.0002", "markPrice": None, "indexPrice": None, "fundingTimestamp": 1_700_006_400_000}

    async def mark(_: str) -> dict[str, object]:
        return {"markPrice": "50000.5"}

    exchange._exchange.fetch_funding_rate, exchange._exchange.fetch_mark_price = rate, mark
    info = await exchange.funding_info("BTC-USDT")
    assert (info.mark_price, info.index_price, info.rate) == (Decimal("50000.5"), None, Decimal("0.0002"))
    assert info.next_funding_at == datetime(2023, 11, 15, tzinfo=UTC)


AT = datetime(2026, 1, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("amount", "rate", "side"),
    [("-3", "0.001", PositionSide.LONG), ("3", "0.001", PositionSide.SHORT), ("3", "-0.001", PositionSide.LONG)],
)
def test_side_and_size_follow_from_amount_and_rate(amount: str, rate: str, side: PositionSide) -> None:
    paid = FundingPayment("1", "BTC-USDT", Decimal(amount), "USDT", None, None, None, AT)
    funded = binance.FundedAt(AT.replace(microsecond=3000), Decimal(rate), Decimal(60000))
    told = binance.with_rate(paid, [funded], Decimal("0.001"))
    assert (told.rate, told.position_side, told.position_size) == (Decimal(rate), side, Decimal("0.05"))


def test_a_payment_without_a_rate_of_its_moment_keeps_its_silence() -> None:
    paid = FundingPayment("1", "BTC-USDT", Decimal(3), "USDT", None, None, None, AT)
    other = binance.FundedAt(AT.replace(hour=9), Decimal("0.001"), Decimal(60000))
    assert binance.with_rate(paid, [other], Decimal("0.001")) == paid
    assert binance.with_rate(paid, [], Decimal("0.001")) == paid


def test_okx_bounds_hold_both_ends() -> None:
    assert funding.PAGINGS["okx"].bounds(1000, 2000) == {"begin": "999", "end": "2001"}
