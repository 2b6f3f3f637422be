"""The rules of users: nobody gives what he has not, touches who has more, or touches the first user; and an API key
makes no logins, so that one that got out cannot outlive its revocation."""

from typing import Any, Final

from pydantic import SecretStr

from aviary_accounts.keys import store as key_store
from aviary_accounts.users import store
from aviary_accounts.users.passwords import Passwords
from aviary_accounts.users.schemas import NewUser, UserChange
from aviary_accounts.users.store import User
from aviary_common.access import Principal
from aviary_common.access.messages import LoginsChanged
from aviary_common.database import Database
from aviary_common.database.outbox import Outbox
from aviary_common.errors import BadRequest, Conflict, Forbidden, NotFound
from aviary_common.secrets import weak_password
from aviary_common.timestamps import utc_now

RESERVED: Final = frozenset({"me"})


class Users:
    def __init__(self, database: Database, outbox: Outbox, passwords: Passwords, first_user: str) -> None:
        self._database = database
        self._outbox = outbox
        self._passwords = passwords
        self._first_user = first_user

    async def listed(self, caller: Principal) -> list[User]:
        """Those whom the caller may touch."""
        async with self._database.single() as connection:
            return [user for user in await store.everybody(connection) if _may_touch(caller, user)]

    async def get(self, caller: Principal, name: str) -> User:
        async with self._database.single() as connection:
            return _found(caller, name, await store.find(connection, name))

    async def add(self, caller: Principal, new: NewUser) -> User:
        require_password_login(caller)
        self._refuse_first(new.name)
        if new.name in RESERVED:
            raise BadRequest(f"{new.name!r} cannot be a user: its path is everybody's own.", code="reserved_name")
        if not caller.may_give(new.scope, new.accounts):
            raise cannot_give()
        values = new.model_dump(include={"name", "scope", "accounts"}) | {"disabled": False}
        values["verifier"] = await self._verifier(new.name, new.password)
        async with self._database.transaction() as connection:
            if (user := await store.add(connection, values)) is None:
                raise Conflict(f"There is a user named {new.name!r} already.", code="user_exists")
            return user

    async def change(self, caller: Principal, name: str, wanted: UserChange) -> User:
        require_password_login(caller)
        self._refuse_first(name)
        values: dict[str, Any] = wanted.model_dump(exclude_unset=True, include={"scope", "accounts", "disabled"})
        values = {key: value for key, value in values.items() if value is not None or key == "accounts"}
        if wanted.password is not None:
            values["verifier"] = await self._verifier(name, wanted.password)
        async with self._database.transaction() as connection:
            user = _found(caller, name, await store.lock(connection, name))
            if not caller.may_give(values.get("scope", user.scope), values.get("accounts", user.accounts)):
                raise cannot_give()
            changed = await store.change(connection, name, values) if values else user
            await self._outbox.add(connection, LoginsChanged(user_name=name))
            return changed

    async def set_password(self, caller: Principal, password: SecretStr) -> None:
        """The caller's own."""
        require_password_login(caller)
        self._refuse_first(caller.name)
        verifier = await self._verifier(caller.name, password)
        async with self._database.transaction() as connection:
            if await store.lock(connection, caller.name) is None:
                raise _unknown(caller.name)
            await store.change(connection, caller.name, {"verifier": verifier})
            await self._outbox.add(connection, LoginsChanged(user_name=caller.name))

    async def remove(self, caller: Principal, name: str) -> None:
        """With all keys, which stay listed as revoked."""
        require_password_login(caller)
        self._refuse_first(name)
        async with self._database.transaction() as connection:
            _found(caller, name, await store.lock(connection, name))
            await store.remove(connection, name)
            await key_store.revoke_all(connection, name, utc_now())
            await self._outbox.add(connection, LoginsChanged(user_name=name))

    async def _verifier(self, name: str, password: SecretStr) -> str:
        if reason := weak_password(password.get_secret_value(), name):
            raise BadRequest(f"The password {reason}.", code="weak_password")
        return await self._passwords.verifier(password.get_secret_value())

    def _refuse_first(self, name: str) -> None:
        if name == self._first_user:
            raise BadRequest(
                f"{name!r} is the first user, whose name and password are AVIARY_USERNAME and AVIARY_PASSWORD.",
                code="first_user",
            )


def require_password_login(caller: Principal) -> None:
    if caller.key_id is not None:
        raise Forbidden("An API key cannot do this: log in with a password.", code="password_login_needed")


def cannot_give() -> Forbidden:
    return Forbidden("Nobody can give a scope or accounts that he does not have.", code="beyond_own_rights")


def _may_touch(caller: Principal, user: User) -> bool:
    return caller.may_give(user.scope, user.accounts)


def _found(caller: Principal, name: str, user: User | None) -> User:
    if user is None or not _may_touch(caller, user):
        raise _unknown(name)
    return user


def _unknown(name: str) -> NotFound:
    return NotFound(f"There is no user named {name!r}.", code="unknown_user")
