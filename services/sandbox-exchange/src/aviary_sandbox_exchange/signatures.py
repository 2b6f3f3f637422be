"""Who signs how: HMAC-SHA256 over everything sent, with a secret that anybody may know."""

import hashlib
import hmac
import re

from aviary_sandbox_exchange.errors import Reason, VenueError

KEY = re.compile(r"^[A-Za-z0-9_-]{3,64}$")
SIGNATURE = re.compile(r"(?:^|&)signature=([^&]*)")
DEFAULT_WINDOW_MS = 5_000
MAX_WINDOW_MS = 60_000
AHEAD_MS = 1_000


def secret_of(api_key: str) -> str:
    """The sandbox's rule: the secret of key ``K`` is ``K-secret``, so that no registration is needed."""
    return f"{api_key}-secret"


def check_key(api_key: str | None) -> str:
    if api_key is None or not KEY.match(api_key):
        raise VenueError(Reason.BAD_KEY_FORMAT)
    return api_key


def sign(api_key: str, payload: str) -> str:
    return hmac.new(secret_of(api_key).encode(), payload.encode(), hashlib.sha256).hexdigest()


def check_signature(api_key: str, payload: str, signature: str | None) -> None:
    if signature is None:
        raise VenueError(Reason.MISSING_PARAMETER, name="signature")
    if not hmac.compare_digest(sign(api_key, payload), signature.lower()):
        raise VenueError(Reason.BAD_SIGNATURE)


def without_signature(sent: str) -> str:
    """Query or body as the client signed it."""
    return SIGNATURE.sub("", sent).removeprefix("&")


def check_timestamp(timestamp_ms: int, window_ms: int | None, now_ms: int) -> None:
    window = DEFAULT_WINDOW_MS if window_ms is None else window_ms
    if timestamp_ms > now_ms + AHEAD_MS:
        raise VenueError(Reason.TIMESTAMP_AHEAD)
    if now_ms - timestamp_ms > window:
        raise VenueError(Reason.TIMESTAMP_LATE)
