"""A sweep of the running stack."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

from aviary_local.backtest_api import ENDED, Backtests, Json
from aviary_local.running_api import followed


@dataclass(frozen=True)
class Sweep:
    """``answer`` is all that the API says of it."""

    id: str
    name: str
    status: str
    done: int
    total: int
    answer: Json

    @classmethod
    def of(cls, answer: Json) -> Self:
        name = f"{answer['controller_name']} {answer['method']}"
        return cls(answer["sweep_id"], name, answer["status"], answer["done"], answer["total"], answer)

    @property
    def has_ended(self) -> bool:
        return self.status in ENDED

    @property
    def error(self) -> str | None:
        return None if self.answer["error"] is None else str(self.answer["error"]["detail"])

    @property
    def result(self) -> Mapping[str, Any]:
        return self.answer["result"] or {}


class Sweeps:
    def __init__(self, backtests: Backtests) -> None:
        self._ask = backtests.ask

    def start(self, asked: Json) -> Sweep:
        return Sweep.of(self._ask("POST", "/backtesting/sweeps", json=asked).json())

    def follow(self, sweep: Sweep) -> Iterator[Sweep]:
        """As it goes on, until it has ended."""
        yield from followed(sweep, lambda: Sweep.of(self._ask("GET", f"/backtesting/sweeps/{sweep.id}").json()))

    def cancel(self, sweep: Sweep) -> None:
        """What is computed already stays."""
        self._ask("POST", f"/backtesting/sweeps/{sweep.id}/cancel", harmless=(409,))
