"""What ``/api-keys`` takes and answers."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, Field, StringConstraints

from aviary_accounts.keys.store import Key
from aviary_accounts.users.schemas import MAX_ACCOUNTS
from aviary_common.access import Scope
from aviary_common.models import Name, Tolerant, example
from aviary_common.timestamps import UtcTime

KeyId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
Label = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[^\x00-\x1f]+$")]


class NewKey(Tolerant):
    """``scope`` and ``accounts`` left out are the owner's own; a key never has more than its owner has at the time."""

    model_config = example({"name": "dashboard", "scope": "read"})

    name: Label
    scope: Scope | None = None
    accounts: list[Name] | None = Field(default=None, max_length=MAX_ACCOUNTS)
    expires_at: UtcTime | None = None


class KeyOut(BaseModel):
    """``accounts`` null means every account that the owner may use. ``last_used_at`` is right to a minute."""

    id: str
    name: str
    owner: str
    scope: Scope
    accounts: list[str] | None
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None

    @classmethod
    def of(cls, key: Key) -> Self:
        return cls(**{name: getattr(key, name) for name in cls.model_fields})


class KeyMade(KeyOut):
    """``key`` is shown this once: as ``Authorization: Bearer``, as ``X-API-Key``, or as the password of HTTP Basic with
    ``id`` as the user name."""

    key: str
