"""Who presents a login: the answers to what the other services ask."""

from datetime import timedelta
from hmac import compare_digest
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from aviary_accounts.keys import store as key_store
from aviary_accounts.users import store
from aviary_accounts.users.passwords import Passwords
from aviary_common.access import Principal, Scope
from aviary_common.access.messages import IdentifyKey, IdentifyUser, PrincipalFound
from aviary_common.database import Database
from aviary_common.errors import Unauthorized
from aviary_common.timestamps import utc_now

NOTE_USE_EVERY: Final = timedelta(minutes=1)


class Identify:
    def __init__(self, database: Database, passwords: Passwords, first_user: str) -> None:
        self._database = database
        self._passwords = passwords
        self._first_user = first_user

    async def user(self, question: IdentifyUser) -> PrincipalFound:
        async with self._database.single() as connection:
            user = await store.find(connection, question.name.replace("\0", "?"))
        verifier = None if user is None else user.verifier
        matches = await self._passwords.matches(question.password.get_secret_value(), verifier)
        if user is None or not matches or user.disabled:
            raise Unauthorized("no such user and password")
        accounts = None if user.accounts is None else list(user.accounts)
        return PrincipalFound(name=user.name, scope=user.scope, accounts=accounts)

    async def key(self, question: IdentifyKey) -> PrincipalFound:
        """With what the owner may do now, at most."""
        now = utc_now()
        async with self._database.single() as connection:
            key = await key_store.find(connection, question.key_id)
            if key is None or not compare_digest(key.digest, question.digest) or not key.is_in_force(now):
                raise Unauthorized("no such key")
            owner = await self._owner(connection, key.owner)
            if owner is None:
                raise Unauthorized("the owner of the key may not log in")
            await key_store.note_use(connection, key.id, now, NOTE_USE_EVERY)
        scope = min(key.scope, owner.scope, key=lambda scope: scope.rank)
        return PrincipalFound(
            name=key.owner,
            scope=scope,
            accounts=_both(key.accounts, owner.accounts),
            key_id=key.id,
            expires_at=key.expires_at,
        )

    async def _owner(self, connection: AsyncConnection, name: str) -> Principal | None:
        if name == self._first_user:
            return Principal(name, Scope.ADMIN)
        user = await store.find(connection, name)
        if user is None or user.disabled:
            return None
        return Principal(name, user.scope, None if user.accounts is None else frozenset(user.accounts))


def _both(key: list[str] | None, owner: frozenset[str] | None) -> list[str] | None:
    if key is None:
        return None if owner is None else sorted(owner)
    return sorted(key if owner is None else owner.intersection(key))
