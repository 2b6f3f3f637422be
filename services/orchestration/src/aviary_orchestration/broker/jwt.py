"""The signed messages of the auth callout: the server's question, our answer, and the bot's rights inside it."""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from typing import Any, Final

import orjson
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from aviary_orchestration.broker import rights
from aviary_orchestration.broker.keys import AccountKey, signed_by_server

REQUEST_AUDIENCE: Final = "nats-authorization-request"
ACCOUNT: Final = "APP"
"""Where bots live in NATS, next to the services."""
_HEADER: Final = {"typ": "JWT", "alg": "ed25519-nkey"}
_VERSION: Final = 2


class BadToken(Exception):
    """Not a question of a NATS server. The text never quotes what came."""


class _Part(BaseModel):
    model_config = ConfigDict(hide_input_in_errors=True, frozen=True)


class Server(_Part):
    id: str


class Client(_Part):
    kind: str = ""
    type: str = ""
    mqtt_id: str = ""


class Login(_Part):
    user: str = ""
    password: SecretStr = Field(default=SecretStr(""), alias="pass")


class Question(_Part):
    """Who wants in, with which password, by which client."""

    user_nkey: str
    server_id: Server
    client_info: Client
    connect_opts: Login


class _Claims(_Part):
    iss: str
    aud: str
    nats: Question


def read_question(token: bytes) -> Question:
    """BadToken unless the server that asks has signed it, for a callout."""
    signed, _, signature = token.rpartition(b".")
    header, _, body = signed.partition(b".")
    try:
        claims = _Claims.model_validate_json(_decode(body))
        genuine = orjson.loads(_decode(header)) == _HEADER
        genuine = genuine and signed_by_server(claims.iss, signed, _decode(signature))
    except (ValidationError, ValueError):
        raise BadToken("unreadable") from None
    if not genuine or claims.iss != claims.nats.server_id.id:
        raise BadToken("not signed by the server that asks")
    if claims.aud != REQUEST_AUDIENCE:
        raise BadToken("not meant for a callout")
    return claims.nats


def admission(key: AccountKey, question: Question, bot_name: str, now_s: int) -> bytes:
    """Lets the client in, over MQTT only, with the bot's rights."""
    user = {
        "sub": question.user_nkey,
        "aud": ACCOUNT,
        "name": bot_name,
        "nats": {
            "type": "user",
            "version": _VERSION,
            "pub": {"allow": rights.publish(bot_name)},
            "sub": {"allow": rights.subscribe(bot_name)},
            "allowed_connection_types": ["MQTT"],
            "subs": -1,
            "data": -1,
            "payload": -1,
        },
    }
    return _answer(key, question, now_s, {"jwt": _sign(key, user, now_s).decode()})


def refusal(key: AccountKey, question: Question, reason: str, now_s: int) -> bytes:
    """``reason`` goes to the server's log; the client hears only that it is not authorized."""
    return _answer(key, question, now_s, {"error": reason})


def _answer(key: AccountKey, question: Question, now_s: int, content: Mapping[str, str]) -> bytes:
    claims = {
        "sub": question.user_nkey,
        "aud": question.server_id.id,
        "nats": {"type": "authorization_response", "version": _VERSION, **content},
    }
    return _sign(key, claims, now_s)


def _sign(key: AccountKey, claims: Mapping[str, Any], now_s: int) -> bytes:
    claims = {**claims, "iss": key.public, "iat": now_s}
    digest = hashlib.sha256(orjson.dumps(claims)).digest()
    body = orjson.dumps({**claims, "jti": base64.b32encode(digest).rstrip(b"=").decode()})
    signed = _encode(orjson.dumps(_HEADER)) + b"." + _encode(body)
    return signed + b"." + _encode(key.sign(signed))


def _encode(raw: bytes) -> bytes:
    return base64.urlsafe_b64encode(raw).rstrip(b"=")


def _decode(text: bytes) -> bytes:
    try:
        return base64.b64decode(text + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error:
        raise ValueError("not base64") from None
