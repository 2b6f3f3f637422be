"""What leaves an entry in the audit: every call that changes something, by whoever was let in.

The entry is in this service's own outbox before the answer leaves, so NATS may be away; accounts collects the entries.
No bodies, no queries, no secrets.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, Protocol

from prometheus_client import Counter
from pydantic import BaseModel
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from aviary_common import logs
from aviary_common.access.principal import Call, current_call
from aviary_common.access.rights import SAFE, Rights
from aviary_common.batches import Batches
from aviary_common.context import request_id
from aviary_common.errors import AviaryError
from aviary_common.http.login import client_address
from aviary_common.timestamps import utc_now
from aviary_common.timing import measured

log = logs.get("audit")

ENTRIES: Final = Counter("aviary_audit_entries_total", "Calls that change something, by status", ["status"])
LOST: Final = Counter("aviary_audit_lost_total", "Audit entries that are in the log only, the database being away")
MAX_PATH: Final = 500
MAX_NAME: Final = 64
MAX_ACCOUNTS: Final = 20


class AuditEntry(BaseModel):
    """``accounts`` are those that the request named."""

    id: uuid.UUID
    at: datetime
    user: str
    key_id: str | None
    service: str
    method: str
    route: str
    path: str
    status: int
    request_id: str
    client: str
    accounts: list[str]


def subject_of(service: str) -> str:
    """Each service may publish on its own only, so what arrives on it is that service's."""
    return f"audit.{service}"


class Writes(Protocol):
    """The service's outbox."""

    async def write(self, subject: str, messages: Sequence[tuple[str, dict[str, Any]]]) -> None: ...


class Audit:
    """``through`` gives it the outbox; a service that has none changes nothing, or says so in its log."""

    def __init__(self, service: str) -> None:
        self._subject = subject_of(service)
        self._outbox: Writes | None = None
        self._batches = Batches[AuditEntry, None](self._write)

    def through(self, outbox: Writes) -> None:
        self._outbox = outbox

    async def add(self, entry: AuditEntry) -> None:
        """Returns when the entry is stored. What was done is done: an entry that cannot be stored stands in the log."""
        try:
            await self._batches.add(entry)
        except Exception as error:
            LOST.inc()
            known = isinstance(error, AviaryError)
            entry_lost = entry.model_dump(mode="json")
            log.error("audit entry not stored", reason=str(error), entry=entry_lost, exc_info=None if known else error)
        else:
            ENTRIES.labels(entry.status).inc()

    async def _write(self, entries: Sequence[AuditEntry]) -> Sequence[None]:
        if self._outbox is None:
            raise AviaryError("this service has no outbox")
        messages = [(entry.request_id, entry.model_dump(mode="json")) for entry in entries]
        await self._outbox.write(self._subject, messages)
        return [None] * len(entries)


class Audited:
    """Writes the entry once the status is known, and before the caller knows it."""

    def __init__(self, app: ASGIApp, audit: Audit, rights: Rights, service: str) -> None:
        self.app = app
        self.audit = audit
        self.rights = rights
        self.service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        call = current_call()
        if scope["type"] != "http" or scope["method"] in SAFE or call is None:
            await self.app(scope, receive, send)
            return
        begun = utc_now()
        status: int | None = None

        async def after_the_entry(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                await self._record(scope, call, status, begun)
            await send(message)

        try:
            await self.app(scope, receive, after_the_entry)
        finally:
            if status is None:  # it crashed, and will be told as 500
                await self._record(scope, call, 500, begun)

    async def _record(self, scope: Scope, call: Call, status: int, at: datetime) -> None:
        route = getattr(scope.get("route"), "path", None)
        if route is None or not self.rights.need(scope["method"], route).changes:
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        entry = AuditEntry(
            id=uuid.uuid4(),
            at=at,
            user=call.principal.name,
            key_id=call.principal.key_id,
            service=self.service,
            method=scope["method"],
            route=route,
            path=_plain(scope["path"], MAX_PATH),
            status=status,
            request_id=request_id.get(),
            client=_plain(client_address(scope, headers), MAX_NAME),
            accounts=[_plain(name, MAX_NAME) for name in sorted(call.accounts)[:MAX_ACCOUNTS]],
        )
        with measured("audit"):
            await self.audit.add(entry)


def _plain(text: str, length: int) -> str:
    """What a caller sent, fit to be stored and shown: the database takes no NUL."""
    return "".join(letter if letter.isprintable() else "?" for letter in text[:length])
