"""The id that follows one request through logs, questions and events."""

import re
import secrets
from contextvars import ContextVar
from typing import Final

HEADER: Final = "x-request-id"
_ACCEPTABLE: Final = re.compile(r"[A-Za-z0-9._-]{8,64}")

request_id: ContextVar[str] = ContextVar("request_id", default="-")


def new_request_id(proposed: str | None = None) -> str:
    """The caller's own id when it is harmless, else a fresh one."""
    return proposed if proposed and _ACCEPTABLE.fullmatch(proposed) else secrets.token_hex(8)
