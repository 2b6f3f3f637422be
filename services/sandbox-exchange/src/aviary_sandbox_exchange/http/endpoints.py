"""What a route is made of."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from aviary_sandbox_exchange.engine.desk import Desk
from aviary_sandbox_exchange.engine.market import Market
from aviary_sandbox_exchange.errors import Reason, VenueError
from aviary_sandbox_exchange.http.params import Params
from aviary_sandbox_exchange.pairs import Side
from aviary_sandbox_exchange.venue import Venue


class Security(Enum):
    NONE = "none"
    KEY = "key"
    SIGNED = "signed"


@dataclass(slots=True)
class Call:
    """``caller`` is the account that signed, if the route demands one."""

    venue: Venue
    side: Side
    params: Params
    caller: str | None = None

    @property
    def desk(self) -> Desk:
        return self.venue.desk(self.side)

    def market(self) -> Market:
        """The one that ``symbol`` names."""
        return self.desk.market(self.params.text("symbol"))

    @property
    def account(self) -> str:
        if self.caller is None:
            raise VenueError(Reason.BAD_KEY_FORMAT)
        return self.caller


Handler = Callable[[Call], object]
Weight = int | Callable[[Params], int]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """``handler`` answers with something that JSON can hold. ``places`` marks what counts as an order."""

    handler: Handler
    side: Side
    weight: Weight = 1
    security: Security = Security.NONE
    places: bool = False

    def weigh(self, params: Params) -> int:
        return self.weight if isinstance(self.weight, int) else self.weight(params)


Routes = dict[tuple[str, str], Endpoint]
