"""``/accounts/.../credentials``: what is stored is listed by connector, never shown."""

from typing import Annotated

from fastapi import APIRouter, Body, Depends, Request

from aviary_accounts.accounts.schemas import Message
from aviary_accounts.credentials.service import Credentials
from aviary_common.access.accounts import AllowedAccount
from aviary_common.errors import BadRequest, NotFound
from aviary_common.http.document import refusals
from aviary_common.models import Name

router = APIRouter(prefix="/accounts", tags=["Accounts"])


async def credentials_of(request: Request) -> Credentials:
    credentials: Credentials = request.app.state.credentials
    return credentials


CredentialsDep = Annotated[Credentials, Depends(credentials_of)]
Fields = Annotated[
    dict[str, str | bool | int | float | None],
    Body(examples=[{"api_key": "demo", "api_secret": "demo-secret"}]),
]


@router.get("/{account_name}/credentials", operation_id="list_account_credentials", responses=refusals(NotFound))
async def list_credentials(account_name: AllowedAccount, credentials: CredentialsDep) -> list[str]:
    """The connectors that the account has credentials for."""
    return await credentials.connectors(account_name)


@router.post(
    "/add-credential/{account_name}/{connector_name}",
    status_code=201,
    operation_id="add_credential",
    responses=refusals(NotFound),
)
async def add_credential(
    account_name: AllowedAccount, connector_name: Name, fields: Fields, credentials: CredentialsDep
) -> Message:
    """Check the credentials at the venue and store them encrypted; older ones are replaced.

    The body takes the field names of the connector's config map, or plain `api_key`, `api_secret`, `passphrase`.
    """
    given = {name: str(value) for name, value in fields.items() if value is not None}
    await credentials.add(account_name, connector_name, given)
    return Message(message=f"Credentials of {account_name} for {connector_name} were added.")


@router.post(
    "/delete-credential/{account_name}/{connector_name}",
    operation_id="delete_credential",
    responses=refusals(BadRequest, NotFound),
)
async def delete_credential(account_name: AllowedAccount, connector_name: Name, credentials: CredentialsDep) -> Message:
    """Delete the credentials; also when there are none."""
    removed = await credentials.delete(account_name, connector_name)
    what = "were deleted" if removed else "were not there"
    return Message(message=f"Credentials of {account_name} for {connector_name} {what}.")
