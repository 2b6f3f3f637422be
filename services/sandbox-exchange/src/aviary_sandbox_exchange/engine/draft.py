"""An order before the venue has accepted it."""

from dataclasses import dataclass

from aviary_sandbox_exchange.engine.orders import Kind, OrderSide, PositionSide, TimeInForce, reduces
from aviary_sandbox_exchange.pairs import Pair


@dataclass(frozen=True, slots=True)
class Draft:
    account: str
    pair: Pair
    side: OrderSide
    kind: Kind
    time_in_force: TimeInForce
    client_id: str
    price: int = 0
    quantity: int = 0
    quote_quantity: int = 0
    reduce_only: bool = False
    position_side: PositionSide = "BOTH"
    house: bool = False

    @property
    def reduces(self) -> bool:
        return reduces(self.side, self.position_side, reduce_only=self.reduce_only)

    @property
    def post_only(self) -> bool:
        return self.kind == "LIMIT_MAKER" or self.time_in_force == "GTX"
