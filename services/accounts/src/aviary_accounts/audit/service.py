"""The audit as administrators read it."""

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import ColumnElement, Row

from aviary_accounts.audit import store
from aviary_accounts.audit.chain import ORIGIN, hash_of
from aviary_accounts.audit.schemas import AuditFilter, AuditVerification
from aviary_accounts.audit.tables import audit_entry
from aviary_common.database import Database
from aviary_common.pagination import Slice, fingerprint, paginate

BATCH: Final = 1000


class AuditLog:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(self, wanted: AuditFilter) -> Slice[Row[Any]]:
        """Newest first."""
        mark = fingerprint("audit", wanted.model_dump(exclude={"cursor", "limit"}))
        async with self._database.single() as connection:
            return await paginate(
                connection,
                store.entries().where(*_conditions(wanted)),
                order=[audit_entry.c.seq],
                descending=True,
                limit=wanted.limit,
                cursor=wanted.cursor,
                mark=mark,
            )

    async def verify(self) -> AuditVerification:
        """Goes through the whole chain."""
        seq, previous = 0, ORIGIN
        async with self._database.single() as connection:
            while links := await store.following(connection, seq, BATCH):
                for link in links:
                    if link.seq != seq + 1 or link.hash != hash_of(previous, link.seq, link.entry):
                        return AuditVerification(intact=False, entries=seq, head=previous.hex(), broken_at=link.seq)
                    seq, previous = link.seq, link.hash
        return AuditVerification(intact=True, entries=seq, head=previous.hex(), broken_at=None)


def _conditions(wanted: AuditFilter) -> Iterator[ColumnElement[bool]]:
    entry = audit_entry.c
    for column, value in ((entry.user, wanted.user), (entry.key_id, wanted.key_id), (entry.service, wanted.service)):
        if value is not None:
            yield column == value
    if wanted.path is not None:
        yield entry.path.startswith(wanted.path, autoescape=True)
    if wanted.account_name is not None:
        yield entry.accounts.contains([wanted.account_name])
    if wanted.start_time is not None:
        yield entry.at >= wanted.start_time
    if wanted.end_time is not None:
        yield entry.at <= wanted.end_time
