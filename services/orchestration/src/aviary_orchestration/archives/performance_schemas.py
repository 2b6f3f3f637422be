"""How a bot performed, as an answer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from pydantic import BaseModel

from aviary_common.models import DecimalNumber
from aviary_orchestration.archives import performance
from aviary_orchestration.archives.curve import Point
from aviary_orchestration.archives.trades import Market


@dataclass(frozen=True, slots=True)
class PerformancePoint:
    """After one fill, since the first one of its pair and connector; ``fees_quote`` and ``volume_quote`` are its own.

    Averages of nothing and gains on nothing are 0. ``net_pnl_quote`` is after all fees until then.
    """

    timestamp: int
    price: float
    amount: float
    trade_type: str
    trading_pair: str
    connector_name: str
    buy_avg_price: float
    buy_volume: float
    sell_avg_price: float
    sell_volume: float
    net_position: float
    realized_trade_pnl_pct: float
    realized_trade_pnl_quote: float
    unrealized_trade_pnl_pct: float
    unrealized_trade_pnl_quote: float
    fees_quote: float
    net_pnl_quote: float
    volume_quote: float
    cum_volume_quote: float

    @classmethod
    def of(cls, point: Point) -> Self:
        traded, price = point.traded, point.price
        return cls(
            timestamp=point.fill.timestamp,
            price=float(price),
            amount=float(point.amount),
            trade_type=point.fill.trade_type,
            trading_pair=point.fill.trading_pair,
            connector_name=point.fill.connector_name,
            buy_avg_price=float(traded.buy_average),
            buy_volume=float(traded.bought),
            sell_avg_price=float(traded.sell_average),
            sell_volume=float(traded.sold),
            net_position=float(traded.net),
            realized_trade_pnl_pct=float(performance.realized_pct(traded)),
            realized_trade_pnl_quote=float(performance.realized_quote(traded)),
            unrealized_trade_pnl_pct=float(performance.unrealized_pct(traded, price)),
            unrealized_trade_pnl_quote=float(performance.unrealized_quote(traded, price)),
            fees_quote=float(point.fee),
            net_pnl_quote=float(performance.net_quote(traded, price)),
            volume_quote=float(point.value),
            cum_volume_quote=float(traded.volume),
        )


class PerformanceSummary(BaseModel):
    """Over all fills: what each pair and connector stood at after its last one, summed."""

    total_trades: int
    final_net_pnl_quote: DecimalNumber
    final_realized_pnl_quote: DecimalNumber
    final_unrealized_pnl_quote: DecimalNumber
    total_fees_quote: DecimalNumber
    total_volume_quote: DecimalNumber
    final_net_position: DecimalNumber
    trading_pairs: list[str]
    connector_names: list[str]

    @classmethod
    def of(cls, total_trades: int, ends: Mapping[Market, Point]) -> Self:
        """``ends`` are the last points of all markets."""
        points = ends.values()
        return cls(
            total_trades=total_trades,
            final_net_pnl_quote=_sum(performance.net_quote(end.traded, end.price) for end in points),
            final_realized_pnl_quote=_sum(performance.realized_quote(end.traded) for end in points),
            final_unrealized_pnl_quote=_sum(performance.unrealized_quote(end.traded, end.price) for end in points),
            total_fees_quote=_sum(end.traded.fees for end in points),
            total_volume_quote=_sum(end.traded.volume for end in points),
            final_net_position=_sum(end.traded.net for end in points),
            trading_pairs=sorted({market.trading_pair for market in ends}),
            connector_names=sorted({market.connector_name for market in ends}),
        )


class PerformanceOut(BaseModel):
    """``performance_data`` is thinned evenly to ``max_points``; the summary is not. No fills: zeros and no points."""

    db_path: str
    summary: PerformanceSummary
    performance_data: list[PerformancePoint]


def _sum(values: Iterable[Decimal]) -> Decimal:
    return sum(values, Decimal(0))
