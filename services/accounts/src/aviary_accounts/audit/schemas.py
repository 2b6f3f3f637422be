"""What ``/audit`` takes and answers."""

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel

from aviary_accounts.audit.store import Link
from aviary_common.models import Tolerant
from aviary_common.pagination import Limit
from aviary_common.timestamps import UtcTime


class AuditFilter(Tolerant):
    """``path`` is the beginning of one. ``start_time`` and ``end_time`` belong to the range."""

    user: str | None = None
    key_id: str | None = None
    service: str | None = None
    path: str | None = None
    account_name: str | None = None
    start_time: UtcTime | None = None
    end_time: UtcTime | None = None
    limit: Limit = 100
    cursor: str | None = None


class AuditEntryOut(BaseModel):
    """``seq`` is its place in the chain, ``hash`` the chain's value there; ``accounts`` are those that it named."""

    seq: int
    id: UUID
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
