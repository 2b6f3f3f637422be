"""Async methods without a loop: behind the walls there is none, and nothing to wait for."""

from collections.abc import Coroutine
from typing import Any, Final

from aviary_strategies.user_code.errors import NotInBacktests

MOST_TURNS: Final = 1000


def done(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """What it returns. A sleep of 0 seconds is passed over."""
    try:
        for _ in range(MOST_TURNS):
            if coroutine.send(None) is not None:
                break
    except StopIteration as end:
        return end.value
    coroutine.close()
    raise NotInBacktests("awaits something that never comes in a backtest")
