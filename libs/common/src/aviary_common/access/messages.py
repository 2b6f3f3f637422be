"""What services ask accounts about a login that is not the first user's, and what they hear when one changes.

It stands here and not in ``aviary_messages``, because it is this library that asks.
"""

from datetime import datetime
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, SecretStr, field_serializer

from aviary_common.access.principal import Principal, Scope
from aviary_common.bus.messages import Event, Question


class PrincipalFound(BaseModel):
    """``accounts`` null means every account; ``expires_at`` is a key's."""

    name: str
    scope: Scope
    accounts: list[str] | None = None
    key_id: str | None = None
    expires_at: datetime | None = None

    @property
    def principal(self) -> Principal:
        accounts = None if self.accounts is None else frozenset(self.accounts)
        return Principal(self.name, self.scope, accounts, self.key_id)


class IdentifyUser(Question[PrincipalFound]):
    """401 for a wrong name or password and for a disabled user, after the same time."""

    model_config = ConfigDict(hide_input_in_errors=True)

    subject: ClassVar[str] = "rpc.accounts.identify-user"
    answer: ClassVar[type[BaseModel]] = PrincipalFound

    name: str
    password: SecretStr

    @field_serializer("password", when_used="json")
    def _on_the_wire(self, password: SecretStr) -> str:
        return password.get_secret_value()


class IdentifyKey(Question[PrincipalFound]):
    """By the digest of the whole key, so that the key itself does not travel. 401 when there is none in force."""

    subject: ClassVar[str] = "rpc.accounts.identify-key"
    answer: ClassVar[type[BaseModel]] = PrincipalFound

    key_id: str
    digest: str


class LoginsChanged(Event):
    """A user or an API key was changed, disabled or removed: what is remembered about logins is not to be used."""

    subject: ClassVar[str] = "aviary.accounts.logins.changed"

    user_name: str
