"""HTTP Basic login for every route, compared in constant time, throttled per client address.

Failures are counted in Valkey, so that all replicas share them, and in memory as well, so that a Valkey outage does
not open the door to guessing.
"""

import base64
import binascii
import hmac
import math
import time
from collections.abc import Mapping
from hashlib import sha256
from typing import Final

from prometheus_client import Counter
from redis.asyncio import Redis
from redis.exceptions import RedisError
from starlette.types import ASGIApp, Receive, Scope, Send

from aviary_common import logs
from aviary_common.errors import AviaryError, TooManyRequests, Unauthorized
from aviary_common.http.errors import answer
from aviary_common.http.sockets import Origins, login_in_query, turn_away
from aviary_common.settings import ServiceSettings

log = logs.get(__name__)

TRUST_SUCCESS_S: Final = 5.0
"""How long a good login is taken on trust before the shared failure count is asked again."""
MAX_REMEMBERED: Final = 10_000
FAILURES: Final = Counter("aviary_login_failures_total", "Logins that were refused", ["reason"])
"""``missing`` is a request without one, ``wrong`` one that does not match, ``throttled`` one that was not looked at."""
for _reason in ("missing", "wrong", "throttled"):
    FAILURES.labels(_reason)
_COUNT: Final = "if redis.call('incr', KEYS[1]) == 1 then redis.call('expire', KEYS[1], ARGV[1]) end"


class Login:
    """Decides who may come in. ``connect`` gives it the shared counter once the cache is open."""

    def __init__(self, settings: ServiceSettings) -> None:
        self._username = sha256(settings.username.encode()).digest()
        self._password = sha256(settings.password.get_secret_value().encode()).digest()
        self._attempts = settings.login_attempts
        self._window_s = settings.login_window_s
        self._cache: Redis | None = None
        self._failures: dict[str, tuple[int, float]] = {}
        self._trusted_until: dict[str, float] = {}

    def connect(self, cache: Redis) -> None:
        self._cache = cache

    async def check(self, authorization: str | None, client: str) -> None:
        """Raise ``Unauthorized`` or ``TooManyRequests``, or return."""
        matches = self._matches(authorization)
        now = time.monotonic()
        if matches and self._trusted_until.get(client, 0.0) > now:
            return
        if (await self._count(client, now)) >= self._attempts:
            FAILURES.labels("throttled").inc()
            raise TooManyRequests(
                "Too many wrong logins from this address; wait a minute.", retry_after_s=math.ceil(self._window_s)
            )
        if matches:
            self._remember(client, now)
            return
        if authorization is None:
            FAILURES.labels("missing").inc()
            raise Unauthorized("Not authenticated")
        FAILURES.labels("wrong").inc()
        await self._count_failure(client, now)
        raise Unauthorized("Incorrect username or password")

    def _matches(self, authorization: str | None) -> bool:
        username, password = _decode(authorization)
        same_name = hmac.compare_digest(sha256(username).digest(), self._username)
        same_word = hmac.compare_digest(sha256(password).digest(), self._password)
        return same_name & same_word

    def _remember(self, client: str, now: float) -> None:
        if len(self._trusted_until) >= MAX_REMEMBERED:
            self._trusted_until.clear()
        self._trusted_until[client] = now + TRUST_SUCCESS_S

    async def _count(self, client: str, now: float) -> int:
        local, expires = self._failures.get(client, (0, 0.0))
        if expires <= now:
            local = 0
        if local >= self._attempts or self._cache is None:
            return local
        try:
            return max(local, int(await self._cache.get(_key(client)) or 0))
        except RedisError as error:
            log.warning("login failures are counted locally only", error=str(error))
            return local

    async def _count_failure(self, client: str, now: float) -> None:
        self._trusted_until.pop(client, None)
        if len(self._failures) >= MAX_REMEMBERED:
            self._failures = {name: entry for name, entry in self._failures.items() if entry[1] > now}
        local, expires = self._failures.get(client, (0, 0.0))
        self._failures[client] = (local + 1, expires) if expires > now else (1, now + self._window_s)
        log.warning("wrong login", client=client)
        if self._cache is None:
            return
        try:
            await self._cache.eval(_COUNT, 1, _key(client), self._window_s)  # type: ignore[misc,unused-ignore]
        except RedisError as error:
            log.warning("login failures are counted locally only", error=str(error))


class RequireLogin:
    """Closed by default: what is not a public path needs a login, also where no route exists."""

    def __init__(self, app: ASGIApp, login: Login, origins: Origins, public_paths: frozenset[str]) -> None:
        self.app = app
        self.login = login
        self.origins = origins
        self.public_paths = public_paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or scope["path"] in self.public_paths:
            await self.app(scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        is_socket = scope["type"] == "websocket"
        try:
            await self._check(scope, headers, is_socket=is_socket)
        except AviaryError as error:
            await (turn_away(error, receive, send) if is_socket else answer(error)(scope, receive, send))
            return
        await self.app(scope, receive, send)

    async def _check(self, scope: Scope, headers: Mapping[str, str], *, is_socket: bool) -> None:
        authorization = headers.get("authorization")
        if is_socket and authorization is not None:
            self.origins.check(headers)
        if is_socket and authorization is None:
            authorization = login_in_query(scope)
        await self.login.check(authorization, client_address(scope, headers))


def client_address(scope: Scope, headers: Mapping[str, str]) -> str:
    """The address that the edge saw. Services listen where only the edge and its host reach them."""
    peer: str = (scope.get("client") or ("unknown",))[0]
    return headers.get("x-real-ip") or peer


def _decode(authorization: str | None) -> tuple[bytes, bytes]:
    scheme, _, encoded = (authorization or "").partition(" ")
    if scheme.casefold() != "basic":
        return b"", b""
    try:
        username, _, password = base64.b64decode(encoded.strip(), validate=True).partition(b":")
    except (binascii.Error, ValueError):
        return b"", b""
    return username, password


def _key(client: str) -> str:
    return f"login:failures:{client}"
