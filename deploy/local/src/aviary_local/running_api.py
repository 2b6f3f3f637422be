"""The REST API of the running stack, logged in."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import httpx

from aviary_local import control, secrets
from aviary_local.home import Home
from aviary_local.report import StackReport


@contextmanager
def running_api(home: Home, environment: Mapping[str, str], *, deadline_s: float) -> Iterator[httpx.Client]:
    """NotRunning when there is none."""
    report = StackReport.from_json(control.ask(home, "status"))
    login = secrets.load(home.secrets, environment)
    with httpx.Client(
        base_url=report.url, auth=(login.username, login.password), timeout=deadline_s, trust_env=False
    ) as client:
        yield client
