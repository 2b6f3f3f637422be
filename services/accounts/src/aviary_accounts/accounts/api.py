"""``/accounts``: the reference sends the account's name in a JSON body, the official client in the query."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from aviary_accounts.accounts.schemas import AccountName, Message
from aviary_accounts.accounts.service import Accounts
from aviary_common.access import is_allowed
from aviary_common.access.accounts import AllowedAccount
from aviary_common.errors import NotFound, Unprocessable
from aviary_common.http.document import refusals

router = APIRouter(prefix="/accounts", tags=["Accounts"])


async def accounts_of(request: Request) -> Accounts:
    accounts: Accounts = request.app.state.accounts
    return accounts


AccountsDep = Annotated[Accounts, Depends(accounts_of)]


async def account_name(
    body: AccountName | None = None, account_name: Annotated[AllowedAccount | None, Query()] = None
) -> str:
    name = (body and body.account_name) or account_name
    if name is None:
        raise Unprocessable("account_name is missing: send it as JSON or in the query", code="missing_field")
    return name


AccountNameDep = Annotated[str, Depends(account_name)]


@router.get("", operation_id="list_accounts")
async def list_accounts(accounts: AccountsDep) -> list[str]:
    """The names of all accounts, oldest first."""
    return [name for name in await accounts.names() if is_allowed(name)]


@router.post("/add-account", status_code=201, operation_id="add_account")
async def add_account(name: AccountNameDep, accounts: AccountsDep) -> Message:
    """Add an account."""
    await accounts.add(name)
    return Message(message=f"Account {name} was added.")


@router.post("/delete-account", operation_id="delete_account", responses=refusals(NotFound))
async def delete_account(name: AccountNameDep, accounts: AccountsDep) -> Message:
    """Delete an account and its credentials."""
    await accounts.delete(name)
    return Message(message=f"Account {name} was deleted.")
