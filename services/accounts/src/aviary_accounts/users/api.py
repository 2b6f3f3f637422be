"""``/users``."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from aviary_accounts.accounts.schemas import Message
from aviary_accounts.users.schemas import Me, NewPassword, NewUser, UserChange, UserOut
from aviary_accounts.users.service import Users
from aviary_common.access import Principal, principal
from aviary_common.errors import BadRequest, Conflict, NotFound, Unauthorized
from aviary_common.http.document import refusals
from aviary_common.models import Name

router = APIRouter(prefix="/users", tags=["Users"])


async def users_of(request: Request) -> Users:
    users: Users = request.app.state.users
    return users


async def caller_of() -> Principal:
    if (caller := principal()) is None:
        raise Unauthorized("Not authenticated")
    return caller


UsersDep = Annotated[Users, Depends(users_of)]
Caller = Annotated[Principal, Depends(caller_of)]


@router.get("", operation_id="list_users")
async def list_users(users: UsersDep, caller: Caller) -> list[UserOut]:
    """Users beside the first one, by name."""
    return [UserOut.of(user) for user in await users.listed(caller)]


@router.post("", status_code=201, operation_id="add_user", responses=refusals(BadRequest, Conflict))
async def add_user(new: NewUser, users: UsersDep, caller: Caller) -> UserOut:
    """Add a user."""
    return UserOut.of(await users.add(caller, new))


@router.get("/me", operation_id="get_me")
async def get_me(caller: Caller) -> Me:
    """Who this login is, and what it may do."""
    return Me.of(caller)


@router.put("/me/password", operation_id="set_own_password", responses=refusals(BadRequest, NotFound))
async def set_own_password(wanted: NewPassword, users: UsersDep, caller: Caller) -> Message:
    """Change the own password; the old one ends at once. API keys go on."""
    await users.set_password(caller, wanted.new_password)
    return Message(message="The password was changed.")


@router.get("/{name}", operation_id="get_user", responses=refusals(NotFound))
async def get_user(name: Name, users: UsersDep, caller: Caller) -> UserOut:
    """One user."""
    return UserOut.of(await users.get(caller, name))


@router.patch("/{name}", operation_id="update_user", responses=refusals(BadRequest, NotFound))
async def change_user(name: Name, wanted: UserChange, users: UsersDep, caller: Caller) -> UserOut:
    """Change password, scope or accounts, disable or enable; it counts at once, also for the user's keys."""
    return UserOut.of(await users.change(caller, name, wanted))


@router.delete("/{name}", operation_id="delete_user", responses=refusals(BadRequest, NotFound))
async def delete_user(name: Name, users: UsersDep, caller: Caller) -> Message:
    """Remove a user and revoke the keys."""
    await users.remove(caller, name)
    return Message(message=f"User {name} was removed.")
