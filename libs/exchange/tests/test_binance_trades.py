"""Trades from Binance's own messages: ids tell what is missing."""

from decimal import Decimal
from typing import Any, cast

import pytest

from aviary_exchange.ccxt_adapter import trade_stream
from aviary_exchange.ccxt_adapter.session import Session
from aviary_exchange.ccxt_adapter.symbols import Listing
from aviary_exchange.ccxt_adapter.trade_stream import BinanceTrades
from aviary_exchange.errors import VenueUnavailable
from aviary_exchange.types import TradeType

LISTING = Listing("BTC-USDT", "BTC/USDT:USDT", "BTCUSDT", "BTC", "USDT", "USDT", Decimal(1))


def event(number: int, **more: object) -> dict[str, Any]:
    return {"e": "trade", "t": number, "p": "0.10000000", "q": "1.5", "m": True, "T": number} | more


def tape() -> BinanceTrades:
    return BinanceTrades(cast("Session", None), LISTING)


def test_the_side_is_the_takers_and_digits_stay() -> None:
    trades = tape()
    trades.take(event(7))
    trades.take(event(8, m=False))
    sell, buy = trades.after(0)
    assert (sell.trade_id, sell.price, sell.amount) == ("7", Decimal("0.1"), Decimal("1.5"))
    assert (sell.taker_side, buy.taker_side) == (TradeType.SELL, TradeType.BUY)


def test_a_trade_with_the_insurance_fund_leaves_no_gap() -> None:
    trades = tape()
    for each in (event(1, X="MARKET"), event(2, X="INSURANCE_FUND", p="0", q="0"), event(3, X="MARKET")):
        trades.take(each)
    assert [trade.trade_id for trade in trades.after(0)] == ["1", "3"]
    assert not trades._gap.is_set()


def test_what_comes_again_is_not_told_again() -> None:
    trades = tape()
    for number in (1, 2, 2, 1, 3):
        trades.take(event(number))
    assert [trade.trade_id for trade in trades.after(0)] == ["1", "2", "3"]


def test_later_trades_wait_for_those_that_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trade_stream, "MOST_KEPT", 3)
    trades = tape()
    for number in (1, 4, 5):
        trades.take(event(number))
    assert trades.version == 1
    assert trades._gap.is_set()
    trades.take(event(6))
    with pytest.raises(VenueUnavailable, match="wait"):
        trades.take(event(7))
