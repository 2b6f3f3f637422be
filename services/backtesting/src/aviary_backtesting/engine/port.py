"""What the service asks of an engine."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from aviary_backtesting.runs.spec import Json, RunSpec
from aviary_backtesting.venue_terms.terms import NO_TERMS, VenueTerms

if TYPE_CHECKING:
    import polars as pl

    from aviary_strategies.candles import Candles


class CandleRange(NamedTuple):
    """Candles that a run needs; both ends are included."""

    connector_name: str
    trading_pair: str
    interval: str
    start_s: float
    end_s: float

    def __str__(self) -> str:
        return f"{self.trading_pair} at {self.connector_name}, {self.interval}"


class Needs(NamedTuple):
    """``candles`` is how many that are at most."""

    ranges: Sequence[CandleRange]
    candles: int


class Given(NamedTuple):
    """What a run is computed from."""

    candles: "Mapping[CandleRange, Candles]"
    terms: VenueTerms = NO_TERMS


class ControllerInfo(NamedTuple):
    """``schema`` is the JSON schema of its config, ``template`` what each field is when nobody says."""

    name: str
    type: str
    template: Mapping[str, Any]
    schema: Mapping[str, Any]


class Outcome(Protocol):
    """A result. Making its parts takes time, so they are made when they are asked for."""

    engine_version: str
    candle_digest: str
    digest: str
    summary: Json
    metrics: Json
    tables: Json
    coverage: Json
    venue_terms: list[Json]
    """What the markets asked for, as far as it is known."""
    warnings: list[str]
    """What makes it worth less than it looks."""

    def part(self, name: str) -> "pl.DataFrame":
        """Ask once for each: the outcome may have given it away."""
        ...

    def legacy(self) -> bytes:
        """The old answer as JSON."""
        ...


@dataclass(frozen=True, slots=True)
class Watch:
    """``progress`` takes fractions; once ``is_cancelled`` the engine raises ``Stopped`` soon."""

    progress: Callable[[float], None]
    is_cancelled: Callable[[], bool]


class Stopped(Exception):
    """Somebody has asked to stop."""


class Engine(Protocol):
    """Every method blocks: give it to a thread. ``needs`` and ``run`` raise the errors that the caller is told:
    ``NotFound`` for an unknown controller, pydantic's ``ValidationError`` for a config that is none."""

    def is_compiled(self) -> bool:
        """Whether everything that has to be compiled is on disk."""
        ...

    def warm(self) -> None:
        """Load what most runs need."""
        ...

    def controllers(self) -> Sequence[ControllerInfo]: ...

    def needs(self, spec: RunSpec) -> Needs: ...

    def run(self, spec: RunSpec, given: Given, watch: Watch) -> Outcome: ...
