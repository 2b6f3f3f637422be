"""What a test may send to /sandbox."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from aviary_sandbox_exchange.faults import Kind
from aviary_sandbox_exchange.pairs import Side
from aviary_sandbox_exchange.signatures import KEY

ApiKey = Annotated[str, Field(pattern=KEY.pattern)]
Positive = Annotated[Decimal, Field(gt=0, decimal_places=8)]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SetPrice(Body):
    symbol: str
    price: Positive
    side: Side | None = None
    """Without it, every market of that name."""


class SetMark(Body):
    """A perpetual's mark price, which then stays; ``null`` lets it follow the book again."""

    symbol: str
    price: Positive | None


class SetFundingRate(Body):
    symbol: str
    rate: Annotated[Decimal, Field(ge=-1, le=1, decimal_places=8)]


class FundNow(Body):
    """Without a symbol, every perpetual."""

    symbol: str | None = None


class MakeTrade(Body):
    symbol: str
    taker: Literal["BUY", "SELL"]
    quantity: Positive
    side: Side = "spot"


class FlowSwitch(Body):
    symbol: str | None = None
    side: Side | None = None


class MoveClock(Body):
    offset_ms: int


class Transfer(Body):
    """Taken away when the amount is negative."""

    api_key: ApiKey
    asset: str
    amount: Annotated[Decimal, Field(decimal_places=8)]
    wallet: Side = "spot"


class SetLimits(Body):
    """Only what is given changes; ``orders`` names intervals (10S, 1M, 1D)."""

    side: Side
    weight: int | None = Field(default=None, gt=0)
    orders: dict[Literal["10S", "1M", "1D"], int] | None = None
    ban_after: int | None = Field(default=None, ge=0)
    ban_s: int | None = Field(default=None, gt=0)


class DropSockets(Body):
    kind: Literal["stream", "api"] | None = None
    api_key: ApiKey | None = None


class MakeGap(Body):
    """Either a stream (``btcusdt@depth@100ms``) or the user events of a key."""

    side: Side = "spot"
    stream: str | None = None
    api_key: ApiKey | None = None
    count: int = Field(default=1, ge=1)


class AddFault(Body):
    kind: Kind
    path: str = "*"
    method: str | None = None
    api_key: ApiKey | None = None
    count: int | None = Field(default=1, ge=1)
    """How many requests it strikes; ``null``: until it is deleted."""
    delay_ms: int = Field(default=0, ge=0)
    status: int = Field(default=503, ge=400, le=599)
    retry_after_s: int = Field(default=1, ge=0)
