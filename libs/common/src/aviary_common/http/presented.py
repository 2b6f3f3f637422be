"""The ways to present a login: a name and a password, or an API key.

``Authorization: Basic`` takes both (a key is the password then, with its id as the name), ``Authorization: Bearer`` and
``X-API-Key`` take a key. For WebSockets the query may say the same.
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import SecretStr

from aviary_common.access.keys import ApiKey, parse_key


@dataclass(frozen=True)
class Password:
    name: str
    word: SecretStr


Presented = Password | ApiKey
NONSENSE = Password("", SecretStr(""))
"""A login that cannot be read: nobody's."""


def presented_in(headers: Mapping[str, str]) -> Presented | None:
    """None when there is no login at all."""
    if (key := headers.get("x-api-key")) is not None:
        return parse_key(key.strip()) or NONSENSE
    if (authorization := headers.get("authorization")) is not None:
        return read_authorization(authorization)
    return None


def read_authorization(authorization: str) -> Presented:
    scheme, _, rest = authorization.partition(" ")
    if scheme.casefold() == "bearer":
        return parse_key(rest.strip()) or NONSENSE
    if scheme.casefold() != "basic":
        return NONSENSE
    try:
        name, _, word = base64.b64decode(rest.strip(), validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return NONSENSE
    key = parse_key(word)
    if key is None:
        return Password(name, SecretStr(word))
    return key if name == key.id else NONSENSE
