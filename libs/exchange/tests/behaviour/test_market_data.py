from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from aviary_exchange.errors import UnknownPair, Unsupported
from aviary_exchange.port import PublicExchange
from aviary_exchange.quantise import quantise_amount
from aviary_exchange.types import TradeType

from ..conftest import Sandbox
from .steps import PAIR


async def test_rules_are_complete_and_positive(public: PublicExchange) -> None:
    rules = await public.rules()
    assert PAIR in rules
    for pair, rule in rules.items():
        assert pair == rule.trading_pair == f"{rule.base}-{rule.quote}"
        assert rule.price_step > 0
        assert rule.amount_step > 0
        assert rule.min_amount >= rule.amount_step
        assert quantise_amount(rule, rule.min_amount) == rule.min_amount
        assert rule.min_notional > 0
        assert len(rule.order_types) == 3
        assert rule.collateral == rule.quote


async def test_rules_are_loaded_once_for_all_instances(public: PublicExchange) -> None:
    assert await public.rules() is await public.rules()


async def test_tickers_of_all_of_some_and_of_one(public: PublicExchange) -> None:
    every = await public.tickers()
    assert set(every) == set(await public.rules())
    some = await public.tickers(["BTC-USDT", "ETH-USDT"])
    assert set(some) == {"BTC-USDT", "ETH-USDT"}
    one = (await public.tickers(["eth-usdt"]))["ETH-USDT"]
    assert one.bid is not None
    assert one.ask is not None
    assert 0 < one.bid < one.ask
    assert await public.tickers([]) == {}


async def test_the_book_is_sorted_and_on_the_steps(public: PublicExchange) -> None:
    rule = (await public.rules())[PAIR]
    book = await public.order_book(PAIR, 7)
    bids, asks = ([level.price for level in side] for side in (book.bids, book.asks))
    assert 0 < len(bids) <= 7
    assert bids == sorted(bids, reverse=True)
    assert asks == sorted(asks)
    assert bids[0] < asks[0]
    for level in (*book.bids, *book.asks):
        assert level.price % rule.price_step == 0
        assert level.amount % rule.amount_step == 0


async def test_candles_are_paged_without_gap_or_repeat(public: PublicExchange) -> None:
    start = datetime.now(UTC) - timedelta(minutes=2600)
    candles = await public.candles(PAIR, "1m", start=start, end=None, limit=2500)
    opened = [candle.open_time_s for candle in candles]
    assert len(opened) == 2500
    assert opened == list(range(opened[0], opened[0] + 2500 * 60, 60))
    assert opened[0] - start.timestamp() < 60
    for candle in candles:
        assert candle.low <= min(candle.open, candle.close) <= max(candle.open, candle.close) <= candle.high
        assert candle.quote_volume is not None
        assert candle.trades is not None


async def test_the_last_candles_include_the_open_one(public: PublicExchange) -> None:
    candles = await public.candles(PAIR, "5m", start=None, end=None, limit=3)
    assert len(candles) == 3
    assert datetime.now(UTC).timestamp() - candles[-1].open_time_s <= 300


async def test_candles_of_a_closed_range_stay_in_it(public: PublicExchange) -> None:
    end = datetime.now(UTC) - timedelta(hours=2)
    start = end - timedelta(hours=3)
    candles = await public.candles(PAIR, "1h", start=start, end=end, limit=100)
    assert len(candles) in (3, 4)
    assert all(start.timestamp() <= candle.open_time_s <= end.timestamp() for candle in candles)


async def test_an_unknown_interval_names_the_known_ones(public: PublicExchange) -> None:
    assert {"1m", "1h", "1d"} <= set(public.intervals())
    with pytest.raises(Unsupported, match="1m"):
        await public.candles(PAIR, "7m", start=None, end=None, limit=1)


async def test_an_unknown_pair_is_refused_everywhere(public: PublicExchange) -> None:
    with pytest.raises(UnknownPair, match="BTC-USDT"):
        await public.order_book("BTC-USDX", 5)
    with pytest.raises(UnknownPair):
        await public.tickers(["BTC-USDX"])
    with pytest.raises(UnknownPair):
        await public.candles("BTC-USDX", "1m", start=None, end=None, limit=1)


async def test_recent_trades_are_exact_and_oldest_first(
    public: PublicExchange, connector: str, sandbox: Sandbox
) -> None:
    side = "futures" if connector == "sandbox_perpetual" else "spot"
    for taker in ("SELL", "BUY"):
        await sandbox.control("POST", "/trade", symbol="BTCUSDT", taker=taker, quantity="0.123", side=side)
    trades = await public.recent_trades(PAIR, 1000)
    assert {trade.taker_side for trade in trades} == set(TradeType)
    assert [trade.at for trade in trades] == sorted(trade.at for trade in trades)
    assert len({trade.trade_id for trade in trades}) == len(trades)
    newest = await public.recent_trades(PAIR, 5)
    assert len(newest) == 5
    assert all(isinstance(trade.price, Decimal) and trade.amount > 0 for trade in newest)
