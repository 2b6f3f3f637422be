"""An order and what may happen to it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from aviary_sandbox_exchange.pairs import Pair

OrderSide = Literal["BUY", "SELL"]
Kind = Literal["LIMIT", "LIMIT_MAKER", "MARKET", "LIQUIDATION"]
PositionSide = Literal["BOTH", "LONG", "SHORT"]
"""Which position of a symbol: the one there is in one-way mode (and on spot), or one leg of two."""
TimeInForce = Literal["GTC", "IOC", "FOK", "GTX"]


class Status(StrEnum):
    NEW = "NEW"
    PARTIALLY_FILLED = "PARTIALLY_FILLED"
    FILLED = "FILLED"
    CANCELED = "CANCELED"
    EXPIRED = "EXPIRED"


OPEN = frozenset({Status.NEW, Status.PARTIALLY_FILLED})
NEXT: dict[Status, frozenset[Status]] = {
    Status.NEW: frozenset(Status),
    Status.PARTIALLY_FILLED: frozenset(Status) - {Status.NEW},
    Status.FILLED: frozenset(),
    Status.CANCELED: frozenset(),
    Status.EXPIRED: frozenset(),
}


class ClosedOrder(RuntimeError):
    """Something tried to change an order that had already ended."""


def reduces(side: OrderSide, position_side: PositionSide, *, reduce_only: bool) -> bool:
    """Whether it may only make a position smaller: told so, or on the closing side of a leg."""
    return reduce_only or (position_side != "BOTH" and (side == "BUY") == (position_side == "SHORT"))


@dataclass(slots=True)
class Order:
    """``reserved`` is what is still locked for it, in the asset it pays with; the id is also its time priority."""

    id: int
    account: str
    pair: Pair
    client_id: str
    side: OrderSide
    kind: Kind
    time_in_force: TimeInForce
    price: int
    quantity: int
    created_ms: int
    quote_quantity: int = 0
    reduce_only: bool = False
    position_side: PositionSide = "BOTH"
    house: bool = False
    updated_ms: int = 0
    status: Status = Status.NEW
    filled: int = 0
    filled_quote: int = 0
    reserved: int = 0

    @property
    def remaining(self) -> int:
        return self.quantity - self.filled

    @property
    def reduces(self) -> bool:
        return reduces(self.side, self.position_side, reduce_only=self.reduce_only)

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def average_price(self) -> int:
        return self.filled_quote * 100_000_000 // self.filled if self.filled else 0

    def become(self, status: Status, now_ms: int) -> None:
        if status not in NEXT[self.status]:
            raise ClosedOrder(f"order {self.id}: {self.status} cannot become {status}")
        self.status = status
        self.updated_ms = now_ms

    def reaches(self, price: int) -> bool:
        """Whether it may trade at that price of the other side."""
        if self.kind in ("MARKET", "LIQUIDATION"):
            return True
        return price <= self.price if self.side == "BUY" else price >= self.price


@dataclass(frozen=True, slots=True)
class Fill:
    """One user's half of a trade."""

    trade_id: int
    order_id: int
    account: str
    pair: Pair
    side: OrderSide
    price: int
    quantity: int
    quote: int
    commission: int
    commission_asset: str
    is_maker: bool
    time_ms: int
    realised: int = 0
    position_side: PositionSide = "BOTH"
