"""How patient a session is. The defaults suit real venues; simulated ones may be hurried."""

from datetime import timedelta

from pydantic import BaseModel, ConfigDict, Field


class Pace(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    look_every_s: float = Field(default=1.0, gt=0)
    """Between two looks for orders that are unclear."""
    sweep_every_s: float = Field(default=30.0, gt=0)
    """Between two comparisons of everything with the venue."""
    stream_grace_s: float = Field(default=2.0, ge=0)
    """How long an order may be unclear before it is looked up: usually the stream or the sender clears it by itself."""
    may_still_arrive_s: float = Field(default=30.0, gt=0)
    """How long a request may still be under way to the venue after its intent was written. Requests are given up after
    10 s and their signatures last 10 s more, so an order that the venue does not know after this time never reached it.
    Venues also answer look-ups from copies that lag a little: a younger order that they miss is asked for again."""
    funding_every_s: float = Field(default=300.0, gt=0)
    """Between two looks for funding payments, besides those after the full hours, and for the position mode."""

    @property
    def stream_grace(self) -> timedelta:
        return timedelta(seconds=self.stream_grace_s)

    @property
    def may_still_arrive(self) -> timedelta:
        return timedelta(seconds=self.may_still_arrive_s)
