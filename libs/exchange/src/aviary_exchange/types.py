"""The words Aviary uses for what an exchange says: exact decimals, UTC times, Hummingbot's names.

Pairs are ``BASE-QUOTE``. Amounts are in base units also where the venue counts contracts, prices in quote per base.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


class TradeType(StrEnum):
    BUY = "BUY"
    SELL = "SELL"


class OrderType(StrEnum):
    LIMIT = "LIMIT"
    LIMIT_MAKER = "LIMIT_MAKER"
    MARKET = "MARKET"


class PositionAction(StrEnum):
    OPEN = "OPEN"
    CLOSE = "CLOSE"


class TimeInForce(StrEnum):
    """How long a limit order works: until cancelled, at once as far as it goes, at once and whole or not at all."""

    GTC = "GTC"
    IOC = "IOC"
    FOK = "FOK"


class StreamKind(StrEnum):
    """Market data that a venue may stream."""

    BOOK = "order_book"
    TRADES = "trades"
    CANDLES = "candles"


class PositionMode(StrEnum):
    """One position per pair, or a long and a short leg beside each other."""

    ONEWAY = "ONEWAY"
    HEDGE = "HEDGE"


class PositionSide(StrEnum):
    LONG = "LONG"
    SHORT = "SHORT"


class VenueOrderState(StrEnum):
    """What the venue says of an order it knows."""

    OPEN = "OPEN"
    PARTIALLY_FILLED = "PARTIALLY_FILLED"
    FILLED = "FILLED"
    CANCELLED = "CANCELLED"
    REJECTED = "REJECTED"


@dataclass(frozen=True, slots=True)
class TradingRule:
    """What the venue accepts for one pair; ``None`` where the venue states no bound."""

    trading_pair: str
    price_step: Decimal
    amount_step: Decimal
    min_amount: Decimal
    max_amount: Decimal | None
    min_notional: Decimal
    base: str
    quote: str
    collateral: str
    order_types: tuple[OrderType, ...]
    time_in_forces: tuple[TimeInForce, ...] = (TimeInForce.GTC,)
    """Of limit orders. Every venue keeps one until it is cancelled; the others stand here where they are known."""


@dataclass(frozen=True, slots=True)
class NewOrder:
    """An order as it goes out; amount and price already lie on the rule's steps.

    In hedge mode the leg follows from side and action: OPEN BUY and CLOSE SELL are the long one. In one-way mode (or
    without a mode) a CLOSE may only reduce the position, where the venue knows such orders.
    """

    client_order_id: str
    trading_pair: str
    trade_type: TradeType
    order_type: OrderType
    amount: Decimal
    price: Decimal | None = None
    position_action: PositionAction = PositionAction.OPEN
    time_in_force: TimeInForce | None = None
    """``None``: the venue's usual."""
    position_mode: PositionMode | None = None

    @property
    def position_side(self) -> PositionSide:
        """The leg that the order means; one-way accounts have but one and ignore it."""
        opens = self.position_action is PositionAction.OPEN
        return PositionSide.LONG if opens == (self.trade_type is TradeType.BUY) else PositionSide.SHORT


@dataclass(frozen=True, slots=True)
class Accepted:
    """The venue has the order. Its state is learned from reports, never from this answer."""

    exchange_order_id: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """The venue proved that it does not have the order; ``reason`` is in its own words.

    ``is_away`` when the order itself is not to blame: the venue was not reached, or has had too many requests.
    """

    reason: str
    is_away: bool = False


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody can say yet: look the order up by its client order id."""

    reason: str


Outcome = Accepted | Rejected | Unknown


@dataclass(frozen=True, slots=True)
class OrderReport:
    """The venue's view of one order. ``filled_amount`` and ``filled_quote`` are cumulative."""

    client_order_id: str
    exchange_order_id: str
    trading_pair: str
    state: VenueOrderState
    filled_amount: Decimal
    filled_quote: Decimal | None
    at: datetime
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Fill:
    """One execution. ``trade_id`` is unique per venue and pair; the fee is positive when paid."""

    trade_id: str
    exchange_order_id: str
    client_order_id: str | None
    trading_pair: str
    trade_type: TradeType
    amount: Decimal
    price: Decimal
    fee: Decimal
    fee_currency: str
    is_maker: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Balance:
    """``total`` includes what open orders lock; ``available`` does not."""

    token: str
    total: Decimal
    available: Decimal


@dataclass(frozen=True, slots=True)
class BalancesChanged:
    """Balances that a user stream reported; tokens it does not name are unchanged."""

    balances: Sequence[Balance]


@dataclass(frozen=True, slots=True)
class PositionsChanged:
    """A hint that positions of these pairs have changed: fetch them again for the figures."""

    trading_pairs: Sequence[str]


@dataclass(frozen=True, slots=True)
class StreamGap:
    """The user stream was interrupted and is back: whoever listens must reconcile by REST now."""

    reason: str


UserEvent = OrderReport | Fill | BalancesChanged | PositionsChanged | StreamGap


@dataclass(frozen=True, slots=True)
class Position:
    """One leg, or the one position of a pair in one-way mode. ``amount`` is positive on either side."""

    trading_pair: str
    side: PositionSide
    amount: Decimal
    entry_price: Decimal
    mark_price: Decimal | None
    unrealized_pnl: Decimal | None
    leverage: Decimal | None


@dataclass(frozen=True, slots=True)
class FundingPayment:
    """One funding of one position; ``amount`` is positive when received. ``None`` where the venue does not tell."""

    payment_id: str
    trading_pair: str
    amount: Decimal
    currency: str
    rate: Decimal | None
    position_size: Decimal | None
    position_side: PositionSide | None
    at: datetime


@dataclass(frozen=True, slots=True)
class FundingInfo:
    """What holders will pay at ``next_funding_at``: so much of the notional, from long to short when positive."""

    trading_pair: str
    mark_price: Decimal
    index_price: Decimal | None
    rate: Decimal
    next_funding_at: datetime | None


@dataclass(frozen=True, slots=True)
class FundingRate:
    """What was settled at ``at``: so much of the notional, from long to short when positive."""

    at: datetime
    rate: Decimal


@dataclass(frozen=True, slots=True)
class PublicTrade:
    """A trade that anybody may see; ``taker_side`` is who crossed the spread."""

    trade_id: str
    price: Decimal
    amount: Decimal
    taker_side: TradeType
    at: datetime


@dataclass(frozen=True, slots=True)
class Ticker:
    trading_pair: str
    last: Decimal
    bid: Decimal | None
    ask: Decimal | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Level:
    price: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class OrderBook:
    """Bids from high to low, asks from low to high."""

    trading_pair: str
    bids: Sequence[Level]
    asks: Sequence[Level]
    at: datetime
    update_id: int | None = None
    """The venue's number of the last change in it; ``None`` where it does not count, and in a book asked for."""
    is_complete: bool = True
    """Each side has as many levels as were asked for, or all that the venue has."""


@dataclass(frozen=True, slots=True)
class Candle:
    """One bar, stamped with its open time. ``None`` where the venue does not tell."""

    open_time_s: int
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal
    quote_volume: Decimal | None = None
    trades: int | None = None
    taker_buy_base: Decimal | None = None
    taker_buy_quote: Decimal | None = None
