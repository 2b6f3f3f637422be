"""Names of accounts in requests. A caller who is held to some accounts can name no other one, and means those when he
names none. Whatever a request calls an account by has one of these types."""

from typing import Annotated

from pydantic import AfterValidator, Field

from aviary_common.access.principal import name_account, own_accounts
from aviary_common.models import Name

AllowedAccount = Annotated[Name, AfterValidator(name_account)]
"""403 for an account that the caller may not use."""


def _each(names: list[str] | None) -> list[str] | None:
    return own_accounts() if names is None else [name_account(name) for name in names]


AllowedAccounts = Annotated[list[str] | None, AfterValidator(_each), Field(validate_default=True)]
"""A filter: what is left out means every account, and for a caller who is held to some, those."""
