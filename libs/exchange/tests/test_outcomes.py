import json
from decimal import Decimal

import aiohttp
import pytest
from aiohttp.client_reqrep import ConnectionKey
from hypothesis import given
from hypothesis import strategies as st

from aviary_common.rates.budget import Priority
from aviary_exchange.ccxt_adapter.failures import Failure, Kind, failure_of
from aviary_exchange.ccxt_adapter.hooks import Call
from aviary_exchange.ccxt_adapter.outcomes import of_cancelling, of_placing
from aviary_exchange.ccxt_adapter.redaction import LONGEST, redact
from aviary_exchange.ccxt_import import errors
from aviary_exchange.errors import (
    CredentialsRefused,
    ExchangeError,
    RateLimited,
    UnknownPair,
    Unsupported,
    VenueUnavailable,
)
from aviary_exchange.types import Accepted, Rejected, Unknown

ccxt = errors()


def failed(
    error: Exception, status: int | None = None, answer: object = None, *, sent: bool = True, binance_like: bool = True
) -> Failure:
    body = answer if isinstance(answer, str) else "" if answer is None else json.dumps(answer)
    call = Call(Priority.TRADING, sent=sent, status=status, body=body, headers={"Retry-After": "7"})
    return failure_of(error, call, binance_like=binance_like, secrets=["hidden-key", "hidden-secret"])


def never_connected() -> Exception:
    key = ConnectionKey("host", 443, True, True, None, None, None)
    try:
        raise ccxt.ExchangeNotAvailable("x") from aiohttp.ClientConnectorError(key, OSError(111, "refused"))
    except ccxt.ExchangeNotAvailable as error:
        refused: Exception = error
    return refused


def refusal(code: int, message: str) -> dict[str, object]:
    return {"code": code, "msg": message}


BALANCE = "Account has insufficient balance for requested action."
KEY = "Invalid API-key, IP, or permissions for action."
TABLE = [
    # The class that ccxt chose is often wrong when the URL is replaced, so many rows give it as the plain one.
    ("balance", ccxt.ExchangeError("x"), 400, refusal(-2010, BALANCE), Rejected, BALANCE),
    ("futures margin", ccxt.ExchangeError("x"), 400, refusal(-2019, "Margin is insufficient."), Rejected, None),
    ("reduce only", ccxt.ExchangeError("x"), 400, refusal(-2022, "ReduceOnly Order is rejected."), Rejected, None),
    (
        "filter",
        ccxt.BadRequest("x"),
        400,
        refusal(-1013, "Filter failure: NOTIONAL"),
        Rejected,
        "Filter failure: NOTIONAL",
    ),
    ("post only", ccxt.ExchangeError("x"), 400, refusal(-5022, "Post Only order will be rejected."), Rejected, None),
    ("pair", ccxt.BadSymbol("x"), 400, refusal(-1121, "Invalid symbol."), Rejected, None),
    ("key", ccxt.DDoSProtection("x"), 401, refusal(-2015, KEY), Rejected, KEY),
    ("clock", ccxt.InvalidNonce("x"), 400, refusal(-1021, "Timestamp is outside of the recvWindow."), Rejected, None),
    ("too many requests", ccxt.DDoSProtection("x"), 429, refusal(-1003, "Too many requests."), Rejected, None),
    ("ban", ccxt.DDoSProtection("x"), 418, refusal(-1003, "Way too many requests."), Rejected, None),
    (
        "unknown code in a 400",
        ccxt.ExchangeError("x"),
        400,
        refusal(-9999, "Something new."),
        Rejected,
        "Something new.",
    ),
    ("duplicate", ccxt.InvalidOrder("x"), 400, refusal(-2010, "Duplicate order sent."), Unknown, None),
    ("duplicate, futures", ccxt.ExchangeError("x"), 400, refusal(-4116, "ClientOrderId is duplicated."), Unknown, None),
    (
        "execution unknown",
        ccxt.RequestTimeout("x"),
        503,
        refusal(-1007, "Timeout waiting for response."),
        Unknown,
        None,
    ),
    (
        "the same with 400",
        ccxt.RequestTimeout("x"),
        400,
        refusal(-1007, "Timeout waiting for response."),
        Unknown,
        None,
    ),
    ("503", ccxt.ExchangeNotAvailable("x"), 503, "<html>busy</html>", Unknown, None),
    ("500 that looks like a refusal", ccxt.InvalidOrder("x"), 500, refusal(-1013, "Filter failure"), Unknown, None),
    ("timeout", ccxt.RequestTimeout("x"), None, None, Unknown, "The venue did not answer in time."),
    ("deadline", TimeoutError(), None, None, Unknown, "The venue did not answer in time."),
    ("reset", ccxt.ExchangeNotAvailable("x"), None, None, Unknown, None),
    ("DDoS protection without a status", ccxt.DDoSProtection("x"), 403, "<html>", Unknown, None),
    ("unreadable", KeyError("orderId"), 200, "{", Unknown, "The venue's answer could not be read."),
    ("408", ccxt.ExchangeError("x"), 408, refusal(-1, "slow"), Unknown, None),
]


@pytest.mark.parametrize(
    ("error", "status", "answer", "outcome", "reason"), [row[1:] for row in TABLE], ids=[r[0] for r in TABLE]
)
def test_placing(error: Exception, status: int | None, answer: object, outcome: type, reason: str | None) -> None:
    decided = of_placing(failed(error, status, answer))
    assert isinstance(decided, outcome)
    if reason is not None:
        assert isinstance(decided, Rejected | Unknown)
        assert decided.reason == reason


@pytest.mark.parametrize(
    ("error", "status", "is_away"),
    [
        (never_connected(), None, True),
        (ccxt.DDoSProtection("x"), 429, True),
        (ccxt.BadRequest("x"), 400, False),
    ],
)
def test_a_rejection_tells_whether_the_order_is_to_blame(error: Exception, status: int | None, is_away: bool) -> None:
    decided = of_placing(failed(error, status, sent=status is not None))
    assert isinstance(decided, Rejected)
    assert decided.is_away is is_away


@pytest.mark.parametrize(
    "error", [UnknownPair("no such pair"), ccxt.RequestTimeout("x"), TimeoutError(), ValueError("x")]
)
def test_what_was_never_sent_is_rejected(error: Exception) -> None:
    assert isinstance(of_placing(failed(error, sent=False)), Rejected)


@given(st.sampled_from(Kind), st.booleans())
def test_rejected_always_has_a_proof(kind: Kind, sent: bool) -> None:
    if isinstance(of_placing(Failure(kind, "x", sent)), Rejected):
        assert not sent or kind not in {Kind.UNAVAILABLE, Kind.DUPLICATE, Kind.NOT_FOUND}


def test_an_answer_without_an_id_is_unknown() -> None:
    assert of_placing({"id": "17"}) == Accepted("17")
    assert isinstance(of_placing({"id": None}), Unknown)
    assert isinstance(of_cancelling({"id": None}, None), Unknown)
    assert of_cancelling({"id": None}, "17") == Accepted("17")


@pytest.mark.parametrize(
    ("error", "status", "answer", "outcome"),
    [
        (ccxt.OrderNotFound("x"), 400, refusal(-2011, "Unknown order sent."), Rejected),
        (ccxt.RequestTimeout("x"), None, None, Unknown),
        (ccxt.DDoSProtection("x"), 429, refusal(-1003, "Too many requests."), Unknown),
        (ccxt.AuthenticationError("x"), 401, refusal(-2015, KEY), Unknown),
        (never_connected(), None, None, Unknown),
    ],
)
def test_cancelling_is_rejected_only_when_nothing_is_open(
    error: Exception, status: int | None, answer: object, outcome: type
) -> None:
    assert isinstance(of_cancelling(failed(error, status, answer), "17"), outcome)


@pytest.mark.parametrize(
    ("error", "status", "answer", "raised"),
    [
        (ccxt.DDoSProtection("x"), 401, refusal(-2015, KEY), CredentialsRefused),
        (
            ccxt.AuthenticationError("x"),
            401,
            refusal(-1022, "Signature for this request is not valid."),
            CredentialsRefused,
        ),
        (ccxt.BadSymbol("x"), 400, refusal(-1121, "Invalid symbol."), UnknownPair),
        (ccxt.NotSupported("x"), None, None, Unsupported),
        (ccxt.DDoSProtection("x"), 429, refusal(-1003, "Too many requests."), RateLimited),
        (ccxt.RequestTimeout("x"), None, None, VenueUnavailable),
        (ccxt.ExchangeError("x"), 400, refusal(-4000, "Odd."), ExchangeError),
    ],
)
def test_other_calls_raise_ours_with_the_venues_words(
    error: Exception, status: int | None, answer: object, raised: type
) -> None:
    translated = failed(error, status, answer).to_error()
    assert type(translated) is raised
    if isinstance(answer, dict):
        assert str(translated).endswith(answer["msg"])
    if isinstance(translated, RateLimited):
        assert translated.retry_after_s == 7


@pytest.mark.parametrize("binance_like", [True, False])
def test_no_error_shows_url_signature_or_key(binance_like: bool) -> None:
    leak = (
        "binance GET https://api.venue.example/api/v3/account?timestamp=17&signature=ab12cd&apiKey=hidden-key 500 "
        f"hidden-secret {'f' * 64}"
    )
    for error in (ccxt.ExchangeError(leak), ccxt.BadRequest(leak), ccxt.AuthenticationError(leak)):
        for answer in (None, leak, {"code": -1, "msg": leak}):
            message = failed(error, 400, answer, binance_like=binance_like).message
            for secret in ("hidden-key", "hidden-secret", "ab12cd", "venue.example", "f" * 32):
                assert secret not in message


@given(st.text(max_size=500), st.text(alphabet="abcXYZ019", min_size=8, max_size=30))
def test_redaction_removes_the_secret_wherever_it_stands(words: str, secret: str) -> None:
    shown = redact(f"{words}{secret} {words}?signature={secret}&x=1 {secret}", [secret])
    assert secret not in shown
    assert len(shown) <= LONGEST


def test_decimals_survive_any_json() -> None:
    from aviary_exchange.ccxt_adapter.raw import to_decimal

    assert to_decimal(0.1) == Decimal("0.1")
    assert to_decimal("992882.98381540") == Decimal("992882.98381540")
    assert to_decimal("NaN") is None
    assert to_decimal("") is None
