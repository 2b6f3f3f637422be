"""Backtests and sweeps of the running stack, through its REST API."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, Self, TypeVar

import httpx

from aviary_local.candles_api import NotReached
from aviary_local.errors import LaunchError
from aviary_local.home import Home
from aviary_local.running_api import running_api

DEADLINE_S: Final = 120.0
"""For one call: a report of a long run takes a while."""
LOOK_EVERY_S: Final = 0.2
PATIENCE_S: Final = 60.0
"""How long an API that does not answer is waited for while something runs."""
ENDED: Final = ("completed", "failed", "cancelled")

Json = Mapping[str, Any]
T = TypeVar("T")


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
    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    @classmethod
    @contextmanager
    def of_running_stack(cls, home: Home, environment: Mapping[str, str]) -> Iterator[Self]:
        """NotRunning when there is none."""
        with running_api(home, environment, deadline_s=DEADLINE_S) as client:
            yield cls(client)

    def start(self, asked: Json) -> Run:
        return Run.of(self.answer("POST", "/backtesting/runs", json=asked).json())

    def follow(self, run: Run) -> Iterator[Run]:
        """As it goes on, until it has ended."""
        yield from followed(run, lambda: Run.of(self.answer("GET", f"/backtesting/runs/{run.id}").json()))

    def cancel(self, run: Run) -> None:
        """One that has ended in the meantime stays as it is."""
        self.answer("POST", f"/backtesting/runs/{run.id}/cancel", harmless=(409,))

    def report(self, run: Run) -> str:
        return self.answer("GET", f"/backtesting/runs/{run.id}/report").text

    def answer(self, method: str, path: str, *, harmless: tuple[int, ...] = (), **request: Any) -> httpx.Response:
        """Raises ``NotReached`` when asking again may help, ``LaunchError`` with the reason of a refusal."""
        try:
            answer = self._client.request(method, path, **request)
        except httpx.HTTPError as error:
            raise NotReached(f"Aviary did not answer ({type(error).__name__}): aviary status tells more.") from None
        if answer.status_code in (502, 503, 504):
            raise NotReached(reason(answer))
        if not answer.is_success and answer.status_code not in harmless:
            raise LaunchError(reason(answer))
        return answer


def followed(first: T, ask: Callable[[], T]) -> Iterator[T]:
    """What ``ask`` says until its ``has_ended``, beginning with ``first``. A stack that is away is waited for."""
    state, heard = first, time.monotonic()
    yield state
    while not getattr(state, "has_ended", True):
        time.sleep(LOOK_EVERY_S)
        try:
            state = ask()
        except NotReached:
            if time.monotonic() - heard > PATIENCE_S:
                raise
            continue
        heard = time.monotonic()
        yield state


def reason(answer: httpx.Response) -> str:
    try:
        detail = answer.json()["detail"]
    except (ValueError, KeyError, TypeError):
        return f"Aviary answered {answer.status_code}."
    if isinstance(detail, list):
        return "; ".join(f"{'.'.join(map(str, each['loc'][1:]))}: {each['msg']}" for each in detail)
    return str(detail)
