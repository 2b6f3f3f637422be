"""Backtests and sweeps of the running stack, through its REST API."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, Self

from aviary_local.home import Home
from aviary_local.running_api import Api, followed, running_api

DEADLINE_S: Final = 120.0
"""For one call: a report of a long run takes a while."""
ENDED: Final = ("completed", "failed", "cancelled")

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Run:
    """``answer`` is all that the API says of it."""

    id: str
    name: str
    status: str
    phase: str | None
    progress: float
    answer: Json

    @classmethod
    def of(cls, answer: Json) -> Self:
        return cls(
            answer["run_id"],
            f"{answer['controller_name']} {answer['mode']}",
            answer["status"],
            answer["phase"],
            answer["progress"],
            answer,
        )

    @property
    def has_ended(self) -> bool:
        return self.status in ENDED

    @property
    def error(self) -> str | None:
        return None if self.answer["error"] is None else str(self.answer["error"]["detail"])


class Backtests:
    def __init__(self, api: Api) -> None:
        self.ask = api.ask

    @classmethod
    @contextmanager
    def of_running_stack(cls, home: Home, environment: Mapping[str, str]) -> Iterator[Self]:
        """NotRunning when there is none."""
        with running_api(home, environment, deadline_s=DEADLINE_S) as api:
            yield cls(api)

    def start(self, asked: Json) -> Run:
        return Run.of(self.ask("POST", "/backtesting/runs", json=asked).json())

    def follow(self, run: Run) -> Iterator[Run]:
        """As it goes on, until it has ended."""
        yield from followed(run, lambda: Run.of(self.ask("GET", f"/backtesting/runs/{run.id}").json()))

    def cancel(self, run: Run) -> None:
        """One that has ended in the meantime stays as it is."""
        self.ask("POST", f"/backtesting/runs/{run.id}/cancel", harmless=(409,))

    def report(self, run: Run) -> str:
        return self.ask("GET", f"/backtesting/runs/{run.id}/report").text
