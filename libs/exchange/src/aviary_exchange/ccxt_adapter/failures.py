"""What a failed call means: ccxt's exception, the HTTP status and the venue's own code, read once, in this order.

ccxt alone does not do: it picks classes by URL (a moved Binance answers plain ``ExchangeError`` for -2019), calls a
refused key a DDoS protection once the key has worked, and puts URLs with signatures into its messages.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum, auto

import aiohttp

from aviary_common.rates.budget import retry_after_s
from aviary_exchange.ccxt_adapter.hooks import Call, never_connected
from aviary_exchange.ccxt_adapter.redaction import redact
from aviary_exchange.ccxt_import import errors
from aviary_exchange.errors import (
    CredentialsRefused,
    ExchangeError,
    InvalidCredentials,
    RateLimited,
    UnknownPair,
    Unsupported,
    VenueUnavailable,
)

_ccxt = errors()

CAUGHT: tuple[type[Exception], ...] = (
    _ccxt.BaseError,
    ExchangeError,
    aiohttp.ClientError,
    OSError,
    TimeoutError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
)
"""ccxt's own, the network's, and what its parsers raise on an answer that they cannot read."""


class Kind(StrEnum):
    FUNDS = auto()
    ORDER = auto()
    """The order itself: a filter, its type, post-only that would match, reduce-only without a position."""
    PAIR = auto()
    CREDENTIALS = auto()
    RATE = auto()
    """Refused for its rate, proved by the status 429 or 418, or by our own budget."""
    REQUEST = auto()
    """The venue read the request and refused it for something else."""
    UNSUPPORTED = auto()
    DUPLICATE = auto()
    NOT_FOUND = auto()
    UNAVAILABLE = auto()
    """Nobody can say what became of it."""


@dataclass(frozen=True, slots=True)
class Failure:
    kind: Kind
    message: str
    sent: bool
    """Whether anything that could change the account may have left the process."""
    retry_after_s: float | None = None
    clock_is_off: bool = False

    def to_error(self) -> ExchangeError:
        match self.kind:
            case Kind.PAIR:
                return UnknownPair(self.message)
            case Kind.CREDENTIALS:
                return CredentialsRefused(self.message)
            case Kind.RATE:
                return RateLimited(self.message, self.retry_after_s)
            case Kind.UNSUPPORTED:
                return Unsupported(self.message)
            case Kind.UNAVAILABLE:
                return VenueUnavailable(self.message)
            case _:
                return ExchangeError(self.message)


BINANCE_CODES: Mapping[int, Kind] = {
    -1000: Kind.UNAVAILABLE,
    -1001: Kind.UNAVAILABLE,
    -1002: Kind.CREDENTIALS,
    -1003: Kind.RATE,
    -1006: Kind.UNAVAILABLE,
    -1007: Kind.UNAVAILABLE,
    -1008: Kind.UNAVAILABLE,
    -1013: Kind.ORDER,
    -1015: Kind.RATE,
    -1016: Kind.UNAVAILABLE,
    -1021: Kind.REQUEST,
    -1022: Kind.CREDENTIALS,
    -1111: Kind.ORDER,
    -1121: Kind.PAIR,
    -2008: Kind.CREDENTIALS,
    -2010: Kind.ORDER,
    -2011: Kind.NOT_FOUND,
    -2013: Kind.NOT_FOUND,
    -2014: Kind.CREDENTIALS,
    -2015: Kind.CREDENTIALS,
    -2018: Kind.FUNDS,
    -2019: Kind.FUNDS,
    -2022: Kind.ORDER,
    -4003: Kind.ORDER,
    -4005: Kind.ORDER,
    -4014: Kind.ORDER,
    -4015: Kind.ORDER,
    -4061: Kind.ORDER,
    -4111: Kind.DUPLICATE,
    -4116: Kind.DUPLICATE,
    -4164: Kind.ORDER,
    -5021: Kind.ORDER,
    -5022: Kind.ORDER,
}
BINANCE_MESSAGES: Sequence[tuple[str, Kind]] = (
    ("duplicate order", Kind.DUPLICATE),
    ("insufficient balance", Kind.FUNDS),
)
"""-2010 says "new order rejected" for everything; its words tell more."""

CCXT_CLASSES: Sequence[tuple[type[Exception], Kind]] = (
    (_ccxt.InsufficientFunds, Kind.FUNDS),
    (_ccxt.OrderNotFound, Kind.NOT_FOUND),
    (_ccxt.DuplicateOrderId, Kind.DUPLICATE),
    (_ccxt.InvalidOrder, Kind.ORDER),
    (_ccxt.BadSymbol, Kind.PAIR),
    (_ccxt.BadRequest, Kind.REQUEST),
    (_ccxt.ArgumentsRequired, Kind.REQUEST),
    (_ccxt.OperationRejected, Kind.REQUEST),
    (_ccxt.AuthenticationError, Kind.CREDENTIALS),
    (_ccxt.NotSupported, Kind.UNSUPPORTED),
    (_ccxt.ChecksumError, Kind.UNAVAILABLE),
    (_ccxt.InvalidNonce, Kind.REQUEST),
    (UnknownPair, Kind.PAIR),
    (RateLimited, Kind.RATE),
    (Unsupported, Kind.UNSUPPORTED),
    (CredentialsRefused, Kind.CREDENTIALS),
    (InvalidCredentials, Kind.CREDENTIALS),
)
"""The first that fits; everything else is ``UNAVAILABLE``."""

MESSAGE_KEYS = ("msg", "message", "retMsg", "ret_msg", "err-msg", "error_message", "detail", "error", "label")


FAILINGS: Mapping[Kind, str] = {Kind.UNAVAILABLE: "is not available", Kind.RATE: "takes no more requests for now"}
"""What is said of a venue before its own words."""


def failure_of(
    error: Exception, call: Call, *, venue: str = "The venue", binance_like: bool, secrets: Sequence[str]
) -> Failure:
    answer = _answer(call.body)
    code = _code(answer) if binance_like else None
    message = redact(_venue_message(answer) or _own_message(error, call, venue), secrets)
    kind = _kind(error, call.status, code, message)
    return Failure(
        kind=kind,
        message=_named(message, kind, venue),
        sent=call.sent > 0,
        retry_after_s=_retry_after(error, call),
        clock_is_off=code == -1021 or isinstance(error, _ccxt.InvalidNonce),
    )


def _kind(error: Exception, status: int | None, code: int | None, message: str) -> Kind:
    if isinstance(error, TimeoutError):
        return Kind.UNAVAILABLE
    if status in (418, 429):
        return Kind.RATE
    if status is not None and status >= 500:
        return Kind.UNAVAILABLE
    if code is not None:
        for words, kind in BINANCE_MESSAGES:
            if words in message.lower():
                return kind
        if code in BINANCE_CODES:
            return BINANCE_CODES[code]
        if status is not None and 400 <= status < 500 and status != 408:
            return Kind.REQUEST
    for known, kind in CCXT_CLASSES:
        if isinstance(error, known):
            return kind
    return Kind.UNAVAILABLE


def _answer(body: str) -> Mapping[str, object]:
    try:
        answer = json.loads(body)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _code(answer: Mapping[str, object]) -> int | None:
    try:
        return int(str(answer["code"]))
    except (KeyError, ValueError):
        return None


def _venue_message(answer: Mapping[str, object]) -> str | None:
    for key in MESSAGE_KEYS:
        if isinstance(value := answer.get(key), str) and value:
            return value
    return None


def _named(message: str, kind: Kind, venue: str) -> str:
    """Who fails is told as well as what it says: a caller may have asked several venues."""
    if kind in FAILINGS and venue not in message:
        return f"{venue} {FAILINGS[kind]}: {message}"
    return message


def _own_message(error: Exception, call: Call, venue: str) -> str:
    if isinstance(error, ExchangeError):
        return str(error)
    if isinstance(error, TimeoutError | _ccxt.RequestTimeout):
        return f"{venue} did not answer in time."
    if never_connected(error):
        return f"{venue} could not be reached."
    if isinstance(error, _ccxt.ExchangeNotAvailable):
        return f"The connection to {venue} failed, or it is not available."
    if isinstance(error, _ccxt.BaseError):
        return str(error).partition(" ")[2] or str(error)  # the first word is ccxt's id of the exchange
    if call.status is None and not call.sent:
        return f"The request to {venue} could not be made."
    return f"{venue}'s answer could not be read."


def _retry_after(error: Exception, call: Call) -> float | None:
    if isinstance(error, RateLimited):
        return error.retry_after_s
    return retry_after_s({name.lower(): value for name, value in call.headers.items()})
