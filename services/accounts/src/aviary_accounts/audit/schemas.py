"""What ``/audit`` takes and answers."""

from typing import Annotated, Self

from pydantic import BaseModel, StringConstraints

from aviary_accounts.audit.store import Link
from aviary_common.audit import AuditEntry
from aviary_common.models import Tolerant
from aviary_common.pagination import Limit
from aviary_common.timestamps import UtcTime

Wanted = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=500)]
"""Whatever somebody looks for; the database does not take NUL."""


class AuditFilter(Tolerant):
    """``path`` is the beginning of one. ``start_time`` and ``end_time`` belong to the range."""

    user: Wanted | None = None
    key_id: Wanted | None = None
    service: Wanted | None = None
    path: Wanted | None = None
    account_name: Wanted | None = None
    start_time: UtcTime | None = None
    end_time: UtcTime | None = None
    limit: Limit = 100
    cursor: str | None = None


class AuditEntryOut(AuditEntry):
    """``seq`` is its place in the chain, ``hash`` the chain's value there; ``accounts`` are those that it named."""

    seq: int
    hash: str

    @classmethod
    def of(cls, link: Link) -> Self:
        return cls(seq=link.seq, hash=link.hash.hex(), **link.entry.model_dump())


class AuditVerification(BaseModel):
    """``broken_at`` is the first entry that does not follow from the one before, null when all do. Keep ``entries`` and
    ``head`` somewhere else: a chain that was cut off or written anew is whole, and has another head."""

    intact: bool
    entries: int
    head: str
    broken_at: int | None
