"""What a NATS server sends to the callout, made by a server that exists in a test only."""

import base64
import binascii
import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

SERVER = 13 << 3


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def public_of(key: Ed25519PrivateKey, kind: int = SERVER) -> str:
    raw = bytes([kind]) + key.public_key().public_bytes_raw()
    return base64.b32encode(raw + binascii.crc_hqx(raw, 0).to_bytes(2, "little")).rstrip(b"=").decode()


def claims(issuer: str, **changes: Any) -> dict[str, Any]:
    question = {
        "server_id": {"id": issuer, "name": "aviary"},
        "user_nkey": "UABC",
        "client_info": {"kind": "Client", "type": "mqtt", "mqtt_id": "bot/x", "id": 7},
        "connect_opts": {"user": "bot", "pass": "the password", "auth_token": "the password"},
        "type": "authorization_request",
        "version": 2,
    }
    return {"iss": issuer, "aud": "nats-authorization-request", "nats": question} | changes


def token(key: Ed25519PrivateKey, body: object, header: object = None) -> bytes:
    signed = f"{part(header or {'typ': 'JWT', 'alg': 'ed25519-nkey'})}.{part(body)}".encode()
    return signed + b"." + base64.urlsafe_b64encode(key.sign(signed)).rstrip(b"=")


def body_of(signed: bytes) -> dict[str, Any]:
    """The claims of a token, unchecked."""
    text = signed.split(b".")[1]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(text + b"=" * (-len(text) % 4)))
    return found
