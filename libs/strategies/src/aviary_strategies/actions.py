"""What a controller may ask for: executors to create and to stop.

Prices and amounts are floats in here: a backtest decides hundreds of thousands of times. Where the last digit counts
(``exact_price``), a second float carries what the first one cannot.
"""

from dataclasses import dataclass

from aviary_strategies.types import Market, OrderType, Side


@dataclass(frozen=True, slots=True)
class Trailing:
    """Armed at a profit of ``activation``, fires ``delta`` below the best one since; both are fractions."""

    activation: float
    delta: float


@dataclass(frozen=True, slots=True)
class Barriers:
    """Where a position is closed: fractions of the entry price, seconds since the creation; None is never."""

    stop_loss: float | None = None
    take_profit: float | None = None
    time_limit: int | None = None
    trailing: Trailing | None = None
    open_order_type: OrderType = OrderType.MARKET
    take_profit_order_type: OrderType = OrderType.MARKET


@dataclass(frozen=True, slots=True)
class PositionSpec:
    """Opens ``amount`` (base) and closes it at the first barrier. ``entry_price`` is the limit price, or at a market
    entry the price at the decision; ``entry_price`` + ``entry_price_rest`` is the exact limit price."""

    market: Market
    side: Side
    amount: float
    entry_price: float
    barriers: Barriers
    entry_price_rest: float = 0.0
    leverage: int = 1
    level_id: str | None = None


@dataclass(frozen=True, slots=True)
class OrderSpec:
    """One order, whose fill goes into the held position. ``price`` is None at a market order."""

    market: Market
    side: Side
    amount: float
    order_type: OrderType
    price: float | None = None
    leverage: int = 1
    level_id: str | None = None


@dataclass(frozen=True, slots=True)
class DcaSpec:
    """Level by level at ``prices`` for ``amounts_quote``; barriers are relative to the average entry."""

    market: Market
    side: Side
    prices: tuple[float, ...]
    amounts_quote: tuple[float, ...]
    barriers: Barriers
    leverage: int = 1
    level_id: str | None = None


@dataclass(frozen=True, slots=True)
class GridSpec:
    """Levels from ``start_price`` to ``end_price``, each bought (or sold) and closed at its own take profit, again and
    again, until the price leaves by ``end_price`` (done) or ``limit_price`` (stopped)."""

    market: Market
    side: Side
    start_price: float
    end_price: float
    limit_price: float
    total_amount_quote: float
    barriers: Barriers
    min_spread_between_orders: float = 0.0005
    min_order_amount_quote: float = 5.0
    max_open_orders: int = 5
    max_orders_per_batch: int | None = None
    order_frequency: int = 0
    activation_bounds: float | None = None
    safe_extra_spread: float = 0.0001
    keep_position: bool = False
    coerce_tp_to_step: bool = False
    leverage: int = 20
    level_id: str | None = None


@dataclass(frozen=True, slots=True)
class ArbitrageSpec:
    """Buys ``amount`` (base) at one market and sells it at the other as soon as that earns ``min_profitability``."""

    buying: Market
    selling: Market
    amount: float
    min_profitability: float
    level_id: str | None = None


@dataclass(frozen=True, slots=True)
class XemmSpec:
    """A maker order priced for ``target_profitability`` against the taker market, hedged there when it fills; placed
    anew when the profitability leaves ``[min_profitability, max_profitability]``."""

    buying: Market
    selling: Market
    maker_side: Side
    amount: float
    min_profitability: float
    target_profitability: float
    max_profitability: float
    level_id: str | None = None


Spec = PositionSpec | OrderSpec | DcaSpec | GridSpec | ArbitrageSpec | XemmSpec


@dataclass(frozen=True, slots=True)
class Create:
    spec: Spec


@dataclass(frozen=True, slots=True)
class Stop:
    """Ends an executor; with ``keep_position`` what it holds goes into the held position instead of being closed."""

    executor_id: int
    keep_position: bool = False


Action = Create | Stop
