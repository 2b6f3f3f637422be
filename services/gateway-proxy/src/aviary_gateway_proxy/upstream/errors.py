"""Gateway's errors in our words. It says ``{"statusCode", "error", "message"}``, and the message decides."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from aviary_common.errors import (
    AviaryError,
    BadRequest,
    Conflict,
    NotFound,
    TooManyRequests,
    Unavailable,
    Unprocessable,
    UpstreamFailed,
)

NAME: Final = "gateway"
RETRY_AFTER_S: Final = 30
LONGEST: Final = 500
HOW_TO_START: Final = "POST /gateway/start starts it, and AVIARY_GATEWAY_URL names one that runs already."

KEY_LIKE: Final = re.compile(r"\b(0x)?[0-9a-fA-F]{64}\b|\b[1-9A-HJ-NP-Za-km-z]{80,90}\b")
URL: Final = re.compile(r"\b(https?|wss?)://\S+")


class Unanswered(UpstreamFailed):
    """Gateway was asked and did not say what became of it."""

    default_code = "gateway_unanswered"


def away(url: str) -> Unavailable:
    return Unavailable(NAME, f"Gateway does not answer at {url}. {HOW_TO_START}", code="gateway_away")


def not_started() -> Unavailable:
    return Unavailable(NAME, f"Gateway does not run. {HOW_TO_START}", code="gateway_not_running")


def words_of(body: Any) -> str:
    """What it says, without addresses of nodes, which hold providers' keys, and without what looks like a private
    key. The hash of a transaction looks like one, too: take it from the body before."""
    message = body.get("message") or body.get("error") if isinstance(body, Mapping) else body
    return redacted(str(message or "nothing"))[:LONGEST]


def redacted(text: str) -> str:
    return URL.sub("(node)", KEY_LIKE.sub("(hidden)", text))


def translated(status: int, body: Any, retry_after: str | None = None) -> AviaryError:
    """The error that an answer of at least 400 means for the caller."""
    words = words_of(body)
    if status == TooManyRequests.status:
        seconds = int(retry_after) if retry_after and retry_after.isdecimal() else RETRY_AFTER_S
        return TooManyRequests("Gateway takes no more requests for now.", retry_after_s=seconds, code="gateway_busy")
    for pattern, make in MEANINGS:
        if pattern.search(words):
            return make(words)
    if status == NotFound.status:
        return NotFound(words, code="not_at_gateway")
    if isinstance(body, Mapping) and body.get("validation"):
        return Unprocessable(words, code="gateway_refused")
    if status < 500:
        return BadRequest(words, code="gateway_refused")
    return UpstreamFailed(f"Gateway failed: {words}", code="gateway_failed")


def _allowance(words: str) -> AviaryError:
    detail = f"{words.rstrip('.')}. Grant it with POST /chains/ethereum/approve (token, spender)."
    return BadRequest(detail, code="insufficient_allowance")


def _balance(words: str) -> AviaryError:
    return BadRequest(words, code="insufficient_balance")


def _wallet(words: str) -> AviaryError:
    return NotFound(f"{words.rstrip('.')}. POST /accounts/gateway/add-wallet adds one.", code="unknown_wallet")


def _passphrase(_words: str) -> AviaryError:
    return Conflict(
        "Gateway runs with another passphrase than its wallets were added with: start it with that one.",
        code="wrong_passphrase",
    )


MEANINGS: Final[tuple[tuple[re.Pattern[str], Callable[[str], AviaryError]], ...]] = (
    (re.compile(r"allowance", re.IGNORECASE), _allowance),
    (re.compile(r"insufficient|not enough|exceeds balance", re.IGNORECASE), _balance),
    (re.compile(r"wallet not found", re.IGNORECASE), _wallet),
    (re.compile(r"invalid password|wrong password|bad decrypt", re.IGNORECASE), _passphrase),
)
