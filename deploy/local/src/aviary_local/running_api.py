"""The REST API of the running stack, logged in."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, Protocol, TypeVar

import httpx

from aviary_local import control, secrets
from aviary_local.errors import LaunchError
from aviary_local.home import Home
from aviary_local.report import StackReport

LOOK_EVERY_S: Final = 0.2
PATIENCE_S: Final = 60.0
"""How long an API that does not answer is waited for while something runs."""


class NotReached(LaunchError):
    """Nobody answered, or could not say; asking again is harmless."""


class Followed(Protocol):
    @property
    def has_ended(self) -> bool: ...


F = TypeVar("F", bound=Followed)
Login = tuple[str, str]


class Api:
    def __init__(self, client: httpx.Client) -> None:
        self.client = client

    def ask(self, method: str, path: str, *, harmless: tuple[int, ...] = (), **request: Any) -> httpx.Response:
        """Raises ``NotReached`` when asking again may help, ``LaunchError`` with the reason of a refusal."""
        try:
            answer = self.client.request(method, path, **request)
        except httpx.HTTPError as error:
            raise not_reached(error) from None
        if answer.is_server_error:
            raise NotReached(reason(answer))
        if not answer.is_success and answer.status_code not in harmless:
            raise LaunchError(reason(answer))
        return answer


@contextmanager
def running_api(home: Home, environment: Mapping[str, str], *, deadline_s: float) -> Iterator[Api]:
    """The one at AVIARY_URL, or this checkout's: ``NotRunning`` when that does not run."""
    url, login = _elsewhere(environment) or _here(home, environment)
    with httpx.Client(base_url=url, auth=login, timeout=deadline_s, trust_env=False) as client:
        yield Api(client)


def _elsewhere(environment: Mapping[str, str]) -> tuple[str, Login] | None:
    url = environment.get("AVIARY_URL")
    if not url:
        return None
    try:
        return url, (environment["AVIARY_USERNAME"], environment["AVIARY_PASSWORD"])
    except KeyError as missing:
        raise LaunchError(f"AVIARY_URL says where Aviary is, and {missing.args[0]} is not set.") from None


def _here(home: Home, environment: Mapping[str, str]) -> tuple[str, Login]:
    report = StackReport.from_json(control.ask(home, "status"))
    login = secrets.load(home.secrets, environment)
    return report.url, (login.username, login.password)


def followed(first: F, ask: Callable[[], F]) -> Iterator[F]:
    """What ``ask`` says until it has ended, beginning with ``first``. A stack that is away is waited for."""
    state, heard = first, time.monotonic()
    yield state
    while not state.has_ended:
        time.sleep(LOOK_EVERY_S)
        try:
            state = ask()
        except NotReached:
            if time.monotonic() - heard > PATIENCE_S:
                raise
            continue
        heard = time.monotonic()
        yield state


def not_reached(error: httpx.HTTPError) -> NotReached:
    return NotReached(f"Aviary did not answer ({type(error).__name__}): aviary status tells more.")


def reason(answer: httpx.Response) -> str:
    try:
        detail = answer.json()["detail"]
    except (ValueError, KeyError, TypeError):
        return f"Aviary answered {answer.status_code}."
    if isinstance(detail, list):
        return "; ".join(f"{'.'.join(map(str, each['loc'][1:]))}: {each['msg']}" for each in detail)
    return str(detail)
