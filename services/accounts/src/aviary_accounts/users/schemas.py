"""What ``/users`` takes and answers."""

from datetime import datetime
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from aviary_accounts.users.store import User
from aviary_common.access import Principal, Scope
from aviary_common.models import Name, Tolerant, example

MAX_ACCOUNTS = 1000


class Secretive(Tolerant):
    """A refusal does not repeat what was sent."""

    model_config = ConfigDict(hide_input_in_errors=True)


class NewUser(Secretive):
    """``accounts`` left out means every account. Each scope holds those before it: read, trade, admin."""

    model_config = example(
        {"name": "ana", "password": "correct-horse-battery", "scope": "trade", "accounts": ["second_account"]}
    )

    name: Name
    password: SecretStr = Field(max_length=1024)
    scope: Scope
    accounts: list[Name] | None = Field(default=None, max_length=MAX_ACCOUNTS)


class UserChange(Secretive):
    """What is left out stays; ``accounts`` null means every account."""

    model_config = example({"scope": "read", "disabled": False})

    password: SecretStr | None = Field(default=None, max_length=1024)
    scope: Scope | None = None
    accounts: list[Name] | None = Field(default=None, max_length=MAX_ACCOUNTS)
    disabled: bool | None = None


class NewPassword(Secretive):
    model_config = example({"new_password": "correct-horse-battery"})

    new_password: SecretStr = Field(max_length=1024)


class UserOut(BaseModel):
    """``accounts`` null means every account. The first user stands in the settings and is not listed."""

    name: str
    scope: Scope
    accounts: list[str] | None
    disabled: bool
    created_at: datetime

    @classmethod
    def of(cls, user: User) -> Self:
        return cls(
            name=user.name,
            scope=user.scope,
            accounts=None if user.accounts is None else sorted(user.accounts),
            disabled=user.disabled,
            created_at=user.created_at,
        )


class Me(BaseModel):
    """``key_id`` says which API key the request came with, null for a password."""

    name: str
    scope: Scope
    accounts: list[str] | None
    key_id: str | None

    @classmethod
    def of(cls, caller: Principal) -> Self:
        accounts = None if caller.accounts is None else sorted(caller.accounts)
        return cls(name=caller.name, scope=caller.scope, accounts=accounts, key_id=caller.key_id)
