"""What follows one request through logs, questions and events: its id, and whom it is about."""

import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

import orjson

HEADER: Final = "x-request-id"
ABOUT_HEADER: Final = "x-aviary-about"
SUBJECTS: Final = ("client_order_id", "bot_name", "run_id", "sweep_id")
"""Fields of events, questions and paths by which one looks for log lines."""
_ACCEPTABLE: Final = re.compile(r"[A-Za-z0-9._-]{8,64}")

request_id: ContextVar[str] = ContextVar("request_id", default="-")
_about: ContextVar[dict[str, str] | None] = ContextVar("about", default=None)


def new_request_id(proposed: str | None = None) -> str:
    """The caller's own id when it is harmless, else a fresh one."""
    return proposed if proposed and _ACCEPTABLE.fullmatch(proposed) else secrets.token_hex(8)


def subjects() -> Mapping[str, str]:
    """What every log line tells."""
    return _about.get() or {}


@contextmanager
def about(**names: str | None) -> Iterator[None]:
    """Within the block, log lines and questions tell that it is about this order, bot or job."""
    token = _about.set({**subjects(), **{name: value for name, value in names.items() if value}})
    try:
        yield
    finally:
        _about.reset(token)


def note(**names: str) -> None:
    """The same from here to the end of the enclosing ``about``, of the request's own line too; elsewhere in vain."""
    current = _about.get()
    if current is not None:
        current.update(names)


def subjects_of(message: object) -> dict[str, str]:
    """Those that a message names itself."""
    found = ((name, getattr(message, name, None)) for name in SUBJECTS)
    return {name: value for name, value in found if isinstance(value, str)}


def carried() -> dict[str, str]:
    """For the headers of a message."""
    current = _about.get()
    told = {ABOUT_HEADER: orjson.dumps(current).decode()} if current else {}
    return {HEADER: request_id.get(), **told}


def brought(headers: Mapping[str, str] | None) -> dict[str, str]:
    """What a sender has carried along; whoever may send is one of us."""
    text = (headers or {}).get(ABOUT_HEADER)
    return orjson.loads(text) if text else {}
