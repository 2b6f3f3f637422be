"""The login of every route: decided before routing, the first user's without asking anybody.

The first user stands in the settings, has every right and depends on nothing. Everybody else is known by accounts.
"""

import hmac
import time
from collections.abc import Mapping
from hashlib import sha256
from typing import Final, Protocol

from prometheus_client import Counter
from redis.asyncio import Redis
from starlette.types import ASGIApp, Receive, Scope, Send

from aviary_common.access.principal import Principal, begin
from aviary_common.access.principal import Scope as AccessScope
from aviary_common.errors import AviaryError, TooManyRequests, Unauthorized, Unavailable
from aviary_common.http.errors import answer
from aviary_common.http.presented import NONSENSE, Password, Presented, presented_in
from aviary_common.http.sockets import Origins, login_in_query, turn_away
from aviary_common.http.throttle import Throttle
from aviary_common.settings import ServiceSettings

TRUST_SUCCESS_S: Final = 5.0
"""How long a good login is taken on trust before the shared failure count is asked again."""
MAX_REMEMBERED: Final = 10_000
FAILURES: Final = Counter("aviary_login_failures_total", "Logins that were refused", ["reason"])
"""``missing`` is a request without one, ``wrong`` one that does not match, ``throttled`` one that was not looked at."""
for _reason in ("missing", "wrong", "throttled"):
    FAILURES.labels(_reason)


class Knows(Protocol):
    """Whoever knows the other users and the keys."""

    def recall(self, presented: Presented) -> Principal | None: ...

    async def find(self, presented: Presented) -> Principal | None: ...


class Login:
    """Decides who may come in. ``connect`` gives it the shared counters once the cache is open, ``ask`` whoever knows
    the users and keys once the bus is."""

    def __init__(self, settings: ServiceSettings) -> None:
        self._username = sha256(settings.username.encode()).digest()
        self._password = sha256(settings.password.get_secret_value().encode()).digest()
        self._first = Principal(settings.username, AccessScope.ADMIN)
        self._throttle = Throttle(settings)
        self._others: Knows | None = None
        self._trusted_until: dict[tuple[str, str, str | None], float] = {}

    def connect(self, cache: Redis) -> None:
        self._throttle.connect(cache)

    def ask(self, others: Knows) -> None:
        self._others = others

    async def check(self, presented: Presented | None, client: str) -> Principal:
        """The caller; raises ``Unauthorized``, ``TooManyRequests``, or ``Unavailable`` when accounts is away."""
        is_first = self._is_first(presented)
        known = self._first if is_first else self._recall(presented)
        if known is not None and self._is_trusted(known, client):
            return known
        user = presented.name if isinstance(presented, Password) and presented is not NONSENSE else None
        try:
            await self._throttle.admit(client, user)
        except TooManyRequests:
            FAILURES.labels("throttled").inc()
            raise
        if presented is None:
            FAILURES.labels("missing").inc()
            raise Unauthorized("Not authenticated")
        caller = self._first if is_first else await self._ask(presented)
        if caller is None:
            FAILURES.labels("wrong").inc()
            self._trusted_until = {who: until for who, until in self._trusted_until.items() if who[0] != client}
            await self._throttle.failed(client, user)
            raise Unauthorized("Incorrect username or password")
        await self._trust(caller, client)
        return caller

    def _recall(self, presented: Presented | None) -> Principal | None:
        return None if self._others is None or presented is None else self._others.recall(presented)

    async def _ask(self, presented: Presented) -> Principal | None:
        """Also for the first user's name with another password: so a wrong one takes as long for every name."""
        if self._others is None or presented is NONSENSE:
            return None
        try:
            return await self._others.find(presented)
        except Unavailable:
            if isinstance(presented, Password) and self._has_first_name(presented):
                return None
            raise

    def _is_first(self, presented: Presented | None) -> bool:
        given = presented if isinstance(presented, Password) else NONSENSE
        same_word = hmac.compare_digest(sha256(given.word.get_secret_value().encode()).digest(), self._password)
        return self._has_first_name(given) & same_word

    def _has_first_name(self, given: Password) -> bool:
        return hmac.compare_digest(sha256(given.name.encode()).digest(), self._username)

    def _is_trusted(self, caller: Principal, client: str) -> bool:
        return self._trusted_until.get((client, caller.name, caller.key_id), 0.0) > time.monotonic()

    async def _trust(self, caller: Principal, client: str) -> None:
        if len(self._trusted_until) >= MAX_REMEMBERED:
            self._trusted_until.clear()
        self._trusted_until[client, caller.name, caller.key_id] = time.monotonic() + TRUST_SUCCESS_S
        if caller.key_id is None:
            await self._throttle.succeeded(client, caller.name)


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
            caller = await self._check(scope, headers, is_socket=is_socket)
        except AviaryError as error:
            await (turn_away(error, receive, send) if is_socket else answer(error)(scope, receive, send))
            return
        begin(caller)
        await self.app(scope, receive, send)

    async def _check(self, scope: Scope, headers: Mapping[str, str], *, is_socket: bool) -> Principal:
        presented = presented_in(headers)
        if is_socket and presented is not None:
            self.origins.check(headers)
        if is_socket and presented is None:
            presented = login_in_query(scope)
        return await self.login.check(presented, client_address(scope, headers))


def client_address(scope: Scope, headers: Mapping[str, str]) -> str:
    """The address that the edge saw. Services listen where only the edge and its host reach them."""
    peer: str = (scope.get("client") or ("unknown",))[0]
    return headers.get("x-real-ip") or peer
