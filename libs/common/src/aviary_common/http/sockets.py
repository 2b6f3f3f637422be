"""What is different about the login of a WebSocket.

A browser cannot send headers with one, so the login may stand in the query; and it sends along, unasked, a login that
it remembers, from whatever page. Such a login counts only for pages that CORS would let read our answers.
"""

import base64
import json
import re
from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

from starlette.types import Receive, Scope, Send

from aviary_common.access.keys import parse_key
from aviary_common.access.rights import TURNED_AWAY
from aviary_common.errors import AviaryError, Forbidden
from aviary_common.http.presented import Presented, read_authorization
from aviary_common.settings import ServiceSettings


class Origins:
    def __init__(self, settings: ServiceSettings) -> None:
        self._allowed = frozenset(settings.cors_allow_origins)
        self._pattern = re.compile(settings.cors_allow_origin_regex)

    def check(self, headers: Mapping[str, str]) -> None:
        """Raise ``Forbidden`` when a page from elsewhere uses the login that the browser remembers."""
        origin = headers.get("origin")
        if origin is None or origin in self._allowed or self._pattern.fullmatch(origin):
            return
        if urlsplit(origin).netloc != headers.get("host"):
            raise Forbidden(
                f"Pages of {origin} may not use this login; AVIARY_CORS_ALLOW_ORIGINS names those that may."
            )


def login_in_query(scope: Scope) -> Presented | None:
    """``token`` is an API key or what the header would say after ``Basic``, or there are ``username`` and ``password``.
    Queries are not logged."""
    query = parse_qs(scope["query_string"].decode("latin-1"))
    if token := query.get("token"):
        return parse_key(token[0]) or read_authorization(f"Basic {token[0]}")
    if username := query.get("username"):
        pair = f"{username[0]}:{query.get('password', [''])[0]}"
        return read_authorization(f"Basic {base64.b64encode(pair.encode()).decode()}")
    return None


async def turn_away(error: AviaryError, receive: Receive, send: Send) -> None:
    """The client learns why from a message: of a refused handshake it would only see a number."""
    await receive()
    await send({"type": "websocket.accept"})
    await send({"type": "websocket.send", "text": json.dumps({"type": "error", "message": error.detail})})
    await send({"type": "websocket.close", "code": TURNED_AWAY, "reason": error.detail[:120]})
