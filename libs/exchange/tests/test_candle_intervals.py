"""Names that mean what they say, and pages that follow the calendar."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from aviary_exchange.catalogue import Connector, connectors
from aviary_exchange.ccxt_adapter import binance
from aviary_exchange.ccxt_adapter.client import create_client
from aviary_exchange.errors import Unsupported
from aviary_exchange.port import PublicExchange
from aviary_exchange.settings import ExchangeSettings
from aviary_exchange.types import Candle

from .behaviour.steps import PAIR
from .offline import open_offline

UNIT_S = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
OPEN_CONNECTORS = [connector for connector in connectors() if connector.is_available]


@pytest.mark.parametrize("connector", OPEN_CONNECTORS, ids=lambda connector: connector.name)
async def test_an_interval_is_a_number_and_a_unit_and_as_long_as_it_says(connector: Connector) -> None:
    client = create_client(connector, ExchangeSettings(), {})
    try:
        for name, asked in client.timeframes.items():
            assert re.fullmatch(r"[1-9][0-9]*[smhdwM]", name), name
            if str(asked).isdecimal():  # seconds or minutes: no unit of the calendar
                length_s = int(name[:-1]) * UNIT_S[name[-1]]
                assert int(asked) in (length_s, length_s / 60), f"{name} asks for {asked}"
    finally:
        await client.close()


def test_an_interval_that_ccxt_names_without_its_unit_can_be_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    names = open_offline("backpack", ExchangeSettings(), monkeypatch).intervals()
    assert {"15m", "30m"} <= set(names)
    assert not {"15", "30"} & set(names)


async def test_futures_have_no_candles_of_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    exchange = open_offline("binance_perpetual", ExchangeSettings(), monkeypatch)
    try:
        with pytest.raises(Unsupported):
            await exchange.candles(PAIR, "1s", start=None, end=None, limit=1)
    finally:
        await exchange.close()


@pytest.mark.parametrize(("interval", "count"), [("1m", 5), ("4h", 3), ("3d", 4), ("1w", 4), ("1M", 3)])
async def test_the_last_candles_are_as_many_as_asked_for(public: PublicExchange, interval: str, count: int) -> None:
    now = datetime.now(UTC)
    candles = await public.candles(PAIR, interval, start=None, end=now, limit=count)
    assert len(candles) == count
    after_the_last = datetime.fromtimestamp(candles[-1].open_time_s + 1, UTC)
    assert not await public.candles(PAIR, interval, start=after_the_last, end=now, limit=count)


OPENED = [datetime(2023 + month // 12, month % 12 + 1, 1, tzinfo=UTC) for month in range(48)]


async def one_month_a_page(
    _exchange: object, _listing: object, _interval: str, start_ms: int, _limit: int
) -> Sequence[Candle]:
    start = datetime.fromtimestamp(start_ms / 1000, UTC)
    return [candle(opened) for opened in OPENED if opened >= start][:1]


def candle(opened: datetime) -> Candle:
    one = Decimal(1)
    return Candle(int(opened.timestamp()), one, one, one, one, one)


def months(candles: Sequence[Candle]) -> list[str]:
    return [f"{datetime.fromtimestamp(candle.open_time_s, UTC):%Y-%m}" for candle in candles]


@pytest.fixture
def calendar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binance, "klines", one_month_a_page)


@pytest.mark.usefixtures("calendar")
async def test_no_month_is_skipped_between_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    exchange = open_offline("binance", ExchangeSettings(), monkeypatch)
    try:
        start = datetime(2024, 1, 1, tzinfo=UTC)
        found = await exchange.candles("BTC-USDT", "1M", start=start, end=start + timedelta(days=460), limit=14)
    finally:
        await exchange.close()
    assert months(found) == [f"2024-{month:02}" for month in range(1, 13)] + ["2025-01", "2025-02"]


@pytest.mark.usefixtures("calendar")
@pytest.mark.parametrize("day", [1, 15, 28, 31])
async def test_the_last_months_end_with_the_one_that_is_open(monkeypatch: pytest.MonkeyPatch, day: int) -> None:
    exchange = open_offline("binance", ExchangeSettings(), monkeypatch)
    try:
        end = datetime(2024, 3, day, tzinfo=UTC)
        found = await exchange.candles("BTC-USDT", "1M", start=None, end=end, limit=3)
        everything = await exchange.candles("BTC-USDT", "1M", start=None, end=end, limit=5000)
    finally:
        await exchange.close()
    assert months(found) == ["2024-01", "2024-02", "2024-03"]
    assert len(everything) == 15
