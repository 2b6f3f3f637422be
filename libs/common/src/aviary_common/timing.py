"""How long parts of a request took, told to the caller in the standard ``Server-Timing`` header."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_parts: ContextVar[dict[str, float] | None] = ContextVar("timing", default=None)


def begin() -> dict[str, float]:
    """Start a record for this request; what is measured in tasks that it starts counts too."""
    parts: dict[str, float] = {}
    _parts.set(parts)
    return parts


@contextmanager
def measured(part: str) -> Iterator[None]:
    """Add the block's time to the part; outside a request it costs nothing."""
    parts = _parts.get()
    started = time.perf_counter()
    try:
        yield
    finally:
        if parts is not None:
            parts[part] = parts.get(part, 0.0) + time.perf_counter() - started


def header(parts: dict[str, float], total: float) -> bytes:
    """Durations in milliseconds, as the header wants them."""
    shown = [*parts.items(), ("total", total)]
    return ", ".join(f"{name};dur={seconds * 1000:.2f}" for name, seconds in shown).encode()
