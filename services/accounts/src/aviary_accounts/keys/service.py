"""The rules of API keys: a key has at most what its owner has, and is known by its digest only."""

from aviary_accounts.keys import store
from aviary_accounts.keys.schemas import NewKey
from aviary_accounts.keys.store import Key
from aviary_accounts.users.service import cannot_give, require_password_login
from aviary_common.access import Principal, Scope
from aviary_common.access.keys import ApiKey, new_key
from aviary_common.access.messages import LoginsChanged
from aviary_common.database import Database
from aviary_common.database.outbox import Outbox
from aviary_common.errors import BadRequest, NotFound
from aviary_common.timestamps import utc_now


class Keys:
    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._database = database
        self._outbox = outbox

    async def listed(self, caller: Principal) -> list[Key]:
        """One's own; for an administrator of every account, everybody's."""
        async with self._database.single() as connection:
            return await store.listed(connection, None if _sees_all(caller) else caller.name)

    async def add(self, caller: Principal, new: NewKey) -> tuple[Key, ApiKey]:
        require_password_login(caller)
        scope = new.scope or caller.scope
        if not caller.scope.includes(scope) or (new.accounts is not None and not caller.may_give(scope, new.accounts)):
            raise cannot_give()
        if new.expires_at is not None and new.expires_at <= utc_now():
            raise BadRequest("expires_at is in the past.", code="already_expired")
        made = new_key()
        values = new.model_dump(include={"name", "accounts", "expires_at"})
        values |= {"id": made.id, "owner": caller.name, "digest": made.digest, "scope": scope}
        async with self._database.transaction() as connection:
            return await store.add(connection, values), made

    async def revoke(self, caller: Principal, key_id: str) -> Key:
        """Again is harmless."""
        async with self._database.transaction() as connection:
            key = await store.find(connection, key_id)
            if key is None or not (key.owner == caller.name or _sees_all(caller)):
                raise NotFound(f"There is no key {key_id!r} of yours.", code="unknown_key")
            await store.revoke(connection, key_id, utc_now())
            await self._outbox.add(connection, LoginsChanged(user_name=key.owner))
            return key


def _sees_all(caller: Principal) -> bool:
    return caller.scope is Scope.ADMIN and caller.accounts is None
