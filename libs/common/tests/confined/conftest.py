"""User code for the worker, given as text."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from textwrap import dedent

import pytest

from aviary_common.confined.limits import Limits
from aviary_common.confined.run import run_confined

ROOMY = Limits(wall_s=60)
"""For a busy machine."""

Run = Callable[..., Awaitable[object]]


@pytest.fixture
def tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(Path(__file__).parent / "tasks")


@pytest.fixture
def run(tasks: None) -> Run:
    """Runs a text; its ``answer`` comes back."""

    async def run(source: str, limits: Limits = ROOMY) -> object:
        return await run_confined("untrusted:run", dedent(source), limits)

    return run
