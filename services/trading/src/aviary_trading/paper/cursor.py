"""Which of the newest trades have not been counted yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from aviary_exchange.types import PublicTrade


@dataclass(frozen=True, slots=True)
class Cursor:
    """Everything before ``at`` is counted, and of the trades at that very time those in ``ids``. ``at`` is ``None``
    where the pair had never traded."""

    at: datetime | None = None
    ids: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class News:
    """``gap`` when trades between the last one counted and the first of ``trades`` may be missing."""

    trades: Sequence[PublicTrade]
    cursor: Cursor
    gap: bool


def since(cursor: Cursor, newest: Sequence[PublicTrade]) -> News:
    """``newest`` are a venue's last trades, oldest first. A trade that it shows after later ones is not counted."""
    if not newest:
        return News([], cursor, gap=False)
    trades = [trade for trade in newest if _is_new(cursor, trade)]
    gap = cursor.at is not None and newest[0].at > cursor.at
    return News(trades, _moved(cursor, trades), gap)


def identity(trade: PublicTrade) -> str:
    """Some venues give no ids: then two trades that are alike in everything count as one."""
    return f"{trade.trade_id} {trade.taker_side} {trade.amount} {trade.price}"


def _is_new(cursor: Cursor, trade: PublicTrade) -> bool:
    if cursor.at is None or trade.at > cursor.at:
        return True
    return trade.at == cursor.at and identity(trade) not in cursor.ids


def _moved(cursor: Cursor, trades: Sequence[PublicTrade]) -> Cursor:
    if not trades:
        return cursor
    last = max(trade.at for trade in trades)
    ids = frozenset(identity(trade) for trade in trades if trade.at == last)
    return Cursor(last, ids | cursor.ids if last == cursor.at else ids)
