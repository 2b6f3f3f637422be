"""Takes what every service says from the bus and appends it to the chain, many entries at a time."""

from collections.abc import Sequence

from pydantic import ValidationError

from aviary_accounts.audit import store
from aviary_common import logs
from aviary_common.audit import AuditEntry, subject_of
from aviary_common.bus import AUDIT_CAPTURE, Bus, Captured
from aviary_common.database import Database

log = logs.get(__name__)


class Collector:
    def __init__(self, bus: Bus, database: Database) -> None:
        self._bus = bus
        self._database = database

    async def collect_forever(self) -> None:
        await self._bus.capture(AUDIT_CAPTURE, self._append)

    async def _append(self, captured: Sequence[Captured]) -> None:
        found = [entry for message in captured if (entry := _read(message)) is not None]
        async with self._database.transaction() as connection:
            await store.lock(connection)
            await store.append(connection, found)


def _read(message: Captured) -> AuditEntry | None:
    """NATS lets a service speak on its own subject only: what it says of another is refused."""
    try:
        entry = AuditEntry.model_validate_json(message.data)
    except ValidationError as error:
        log.error("audit entry cannot be read and is dropped", subject=message.subject, error=str(error))
        return None
    if subject_of(entry.service) != message.subject:
        log.error("audit entry in another's name is dropped", subject=message.subject, service=entry.service)
        return None
    return entry
