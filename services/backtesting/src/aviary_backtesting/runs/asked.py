"""What the new routes take."""

from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BeforeValidator, Field, JsonValue, StringConstraints, model_validator

from aviary_backtesting.runs.spec import Json, RunSpec
from aviary_common.models import Tolerant, aliases, example
from aviary_common.timestamps import UtcTime

Fraction = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


def _lower(value: object) -> object:
    return value.strip().lower() if isinstance(value, str) else value


ModeName = Annotated[Literal["honest", "compat"], BeforeValidator(_lower)]
Interval = Annotated[str, Field(pattern=r"^[1-9]\d{0,4}[smhdw]$")]
DEFAULT_COST = 0.0006
MOST_BALANCES: Final = 100
EXAMPLE_CONFIG: Final[dict[str, JsonValue]] = {
    "controller_name": "bollinger_v1",
    "connector_name": "sandbox_perpetual",
    "trading_pair": "BTC-USDT",
    "interval": "3m",
}


def _exact(value: object) -> object:
    """A float by its shortest text."""
    return repr(value) if isinstance(value, float) else value


Owned = Annotated[Decimal, BeforeValidator(_exact), Field(ge=0, allow_inf_nan=False, max_digits=36, decimal_places=18)]
Named = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.:_-]{1,64}$")]
Balances = Annotated[dict[Named, Owned], Field(max_length=MOST_BALANCES)]


class CostsIn(Tolerant):
    """Fractions of the traded amount. ``trade_cost`` stands for both fees where they are not given."""

    trade_cost: Annotated[float, Field(ge=0, lt=1, allow_inf_nan=False)] = DEFAULT_COST
    maker_fee: Annotated[float, Field(gt=-1, lt=1, allow_inf_nan=False)] | None = None
    taker_fee: Annotated[float, Field(gt=-1, lt=1, allow_inf_nan=False)] | None = None
    slippage: Fraction | None = None
    latency_s: Annotated[float, Field(ge=0, le=3600, allow_inf_nan=False)] | None = None

    def told(self) -> dict[str, float]:
        fees = {"maker_fee": self.trade_cost, "taker_fee": self.trade_cost}
        return {**fees, **self.model_dump(exclude_none=True)}


class Asked(Tolerant):
    """``config`` is a controller's config, or the name of a stored one."""

    config: Json | str
    start_time: UtcTime
    end_time: UtcTime
    resolution: Interval = aliases("resolution", "backtesting_resolution", default="1m")
    mode: ModeName = "honest"
    costs: CostsIn = Field(default_factory=CostsIn)
    min_coverage: Fraction | None = None
    candles: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")] | None = None
    """The digest that an upload was answered with."""

    @model_validator(mode="before")
    @classmethod
    def take_a_single_cost(cls, value: Any) -> Any:
        """``trade_cost`` may stand beside the others, as on the old routes."""
        if isinstance(value, dict) and "trade_cost" in value and "costs" not in value:
            return {**value, "costs": {"trade_cost": value["trade_cost"]}}
        return value

    @model_validator(mode="after")
    def start_before_end(self) -> Self:
        if self.start_time >= self.end_time:
            raise ValueError("start_time must be before end_time")
        return self

    def spec(self, config: Json, default_coverage: float) -> RunSpec:
        return RunSpec(
            config=config,
            start_s=self.start_time.timestamp(),
            end_s=self.end_time.timestamp(),
            resolution=self.resolution,
            mode=self.mode,
            costs=self.costs.told(),
            min_coverage=default_coverage if self.min_coverage is None else self.min_coverage,
            candles=self.candles,
        )


class AskedInFull(Asked):
    """With what the old routes do not know."""

    model_config = example(
        {
            "config": {**EXAMPLE_CONFIG, "total_amount_quote": 1000},
            "start_time": "2026-10-01T00:00:00Z",
            "end_time": "2026-10-08T00:00:00Z",
        }
    )

    starting_balances: Annotated[dict[Named, Owned | Balances], Field(max_length=MOST_BALANCES)] = Field(
        default_factory=dict
    )
    """What the account owns at the start: by asset, wherever the controller trades, or by connector and asset."""
    funding_rate: Annotated[float, Field(ge=-1, le=1, allow_inf_nan=False)] | None = None
    """In honest: what long positions in perpetuals pay to short ones at 00:00, 08:00 and 16:00 UTC, as a fraction;
    instead of what the venue has settled."""

    def spec(self, config: Json, default_coverage: float) -> RunSpec:
        told = {name: _told(owned) for name, owned in self.starting_balances.items()}
        return replace(super().spec(config, default_coverage), balances=told, funding_rate=self.funding_rate)


def _told(owned: Decimal | dict[str, Decimal]) -> str | dict[str, str]:
    """As text, which JSON keeps exact."""
    return {name: f"{amount:f}" for name, amount in owned.items()} if isinstance(owned, dict) else f"{owned:f}"
