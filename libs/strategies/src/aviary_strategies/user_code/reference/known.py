"""``processed_data`` of a controller whose features were computed over the whole range."""

from collections.abc import Callable
from typing import Any

import numpy as np

from aviary_strategies.candles import Candles


class Known(dict[str, Any]):
    """Has the newest usable row by name, and ``features`` up to that row when somebody asks for it."""

    def __init__(self, frame: Any, candles: Candles, now: Callable[[], float]) -> None:
        super().__init__()
        self._frame = frame
        self._candles = candles
        self._now = now

    def __missing__(self, name: str) -> Any:
        if name != "features":
            raise KeyError(name)
        closed = np.searchsorted(self._candles.ts, self._now() - self._candles.interval_s, side="right")
        return self._frame.iloc[: int(closed)]

    def get(self, name: str, default: Any = None) -> Any:
        return self[name] if name in self or name == "features" else default
