"""Candles as Valkey keeps them and as callers get them: one JSON object a line, oldest first."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from aviary_exchange.types import Candle
from aviary_market_data.feeds.book_text import plain

_PREFIX: Final = '{"timestamp":'


def candle_text(candle: Candle) -> str:
    return (
        f'{_PREFIX}{candle.open_time_s}.0,"open":{plain(candle.open)},"high":{plain(candle.high)},'
        f'"low":{plain(candle.low)},"close":{plain(candle.close)},"volume":{plain(candle.volume)},'
        f'"quote_asset_volume":{_or_null(candle.quote_volume)},'
        f'"n_trades":{"null" if candle.trades is None else candle.trades},'
        f'"taker_buy_base_volume":{_or_null(candle.taker_buy_base)},'
        f'"taker_buy_quote_volume":{_or_null(candle.taker_buy_quote)}}}'
    )


def open_time_s(line: str) -> int:
    return int(line[len(_PREFIX) : line.index(".", len(_PREFIX))])


def as_list(lines: Sequence[str]) -> str:
    return f"[{','.join(lines)}]"


def _or_null(value: Decimal | None) -> str:
    return "null" if value is None else plain(value)
