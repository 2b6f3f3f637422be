"""Who pays what: the one thing in which spot and futures differ for the engine."""

from dataclasses import dataclass
from typing import Protocol

from aviary_sandbox_exchange.engine.market import Market
from aviary_sandbox_exchange.engine.orders import Order
from aviary_sandbox_exchange.history.tape import Trade


@dataclass(frozen=True, slots=True)
class Cost:
    """What a trade cost one side; ``realised`` is futures profit, before the commission."""

    commission: int
    asset: str
    realised: int = 0


class Settlement(Protocol):
    def require(self, order: Order, market: Market) -> None:
        """Refuse an order that its account cannot pay for (VenueError); changes nothing."""

    def reserve(self, order: Order) -> None:
        """Lock what a limit order may need at most."""

    def allowed(self, order: Order, quantity: int) -> int:
        """How much of ``quantity`` may trade now."""

    def settle(self, order: Order, trade: Trade, *, is_maker: bool) -> Cost:
        """Pay and receive for one side of a trade."""

    def release(self, order: Order) -> None:
        """Unlock what an ended order did not use."""

    def balances_of(self, order: Order) -> tuple[str, ...]:
        """The assets an order on this pair may have changed."""
