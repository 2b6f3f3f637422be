"""The scope of every route, in one table for each service.

Closed by default: a GET needs ``read`` and everything else ``admin``, and who is held to some accounts may use no route
that is not named as keeping to them. The table says where it is otherwise.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from starlette.exceptions import WebSocketException
from starlette.requests import HTTPConnection

from aviary_common import logs
from aviary_common.access.principal import Scope, principal
from aviary_common.errors import Forbidden

log = logs.get(__name__)

EVERY_ROUTE: Final = "*"
TURNED_AWAY: Final = 4001
"""The code that a WebSocket is closed with."""
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
Endpoint = tuple[str, str]
"""Method and path, as the route has it but for converters."""


@dataclass(frozen=True)
class Need:
    """``changes``: whether a call changes something, and is written into the audit. ``restricted``: whether it is open
    to a caller who is held to some accounts."""

    scope: Scope
    changes: bool
    restricted: bool


class Rights:
    """Each argument lists endpoints, ``METHOD /path`` a line.

    ``reading`` only look although they are POSTs; ``read``, ``trade`` and ``admin`` need that scope; ``restricted`` are
    open to callers who are held to some accounts, because they name accounts by our types or have nothing to do with
    any (``EVERY_ROUTE`` for a service all of whose routes do).
    """

    def __init__(
        self, *, reading: str = "", read: str = "", trade: str = "", admin: str = "", restricted: str = ""
    ) -> None:
        self._reading = _endpoints(reading)
        self._scopes = dict.fromkeys((*self._reading, *_endpoints(read)), Scope.READ)
        self._scopes |= dict.fromkeys(_endpoints(trade), Scope.TRADE)
        self._scopes |= dict.fromkeys(_endpoints(admin), Scope.ADMIN)
        self._all_restricted = restricted == EVERY_ROUTE
        self._restricted = frozenset() if self._all_restricted else _endpoints(restricted)

    def need(self, method: str, path: str) -> Need:
        endpoint = ("GET" if method == "HEAD" else method, without_converters(path))
        default = Scope.READ if method in SAFE else Scope.ADMIN
        return Need(
            scope=self._scopes.get(endpoint, default),
            changes=method not in SAFE and endpoint not in self._reading,
            restricted=self._all_restricted or endpoint in self._restricted,
        )

    def unknown(self, routed: Iterable[Endpoint]) -> set[Endpoint]:
        """What stands in the table and is no route."""
        return (self._scopes.keys() | self._restricted) - {
            (method, without_converters(path)) for method, path in routed
        }

    async def guard(self, connection: HTTPConnection) -> None:
        """The dependency of every route; a request has a caller by then, unless its path is public."""
        caller = principal()
        if caller is None:
            return
        need = self.need(connection.scope.get("method", "GET"), connection.scope["route"].path)
        refusal = None
        if not caller.scope.includes(need.scope):
            refusal = Forbidden(
                f"This needs the scope {need.scope.value!r}; this login has {caller.scope.value!r}.",
                code="scope_missing",
            )
        elif caller.accounts is not None and not need.restricted:
            refusal = Forbidden(
                "This concerns every account, and this login is held to some.", code="every_account_needed"
            )
        if refusal is None:
            return
        log.warning("refused", user=caller.name, key=caller.key_id, path=connection.url.path, reason=refusal.detail)
        if connection.scope["type"] == "websocket":
            raise WebSocketException(TURNED_AWAY, refusal.detail)
        raise refusal

    def declare(self, document: Mapping[str, Any]) -> None:
        """Tell it in the OpenAPI document."""
        for path, operations in document["paths"].items():
            for method, operation in operations.items():
                if operation.get("security") == []:
                    continue
                need = self.need(method.upper(), path)
                operation["x-aviary-scope"] = need.scope.value
                operation["x-aviary-accounts"] = "own" if need.restricted else "every"
                operation["x-aviary-audited"] = need.changes


def routed(routes: Iterable[Any]) -> Iterator[Endpoint]:
    """Of routers, also of those inside others."""
    for route in routes:
        inner = getattr(route, "original_router", route)
        if hasattr(inner, "routes"):
            yield from routed(inner.routes)
        else:
            for method in getattr(route, "methods", None) or {"GET"}:
                yield method, route.path


def without_converters(path: str) -> str:
    return path.replace(":path}", "}")


def _endpoints(table: str) -> frozenset[Endpoint]:
    found = set()
    for line in table.splitlines():
        if line.strip():
            method, path = line.split()
            found.add((method, path))
    return frozenset(found)
