"""``/api-keys``."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from aviary_accounts.accounts.schemas import Message
from aviary_accounts.keys.schemas import KeyId, KeyMade, KeyOut, NewKey
from aviary_accounts.keys.service import Keys
from aviary_accounts.users.api import Caller
from aviary_common.errors import BadRequest, NotFound
from aviary_common.http.document import refusals

router = APIRouter(prefix="/api-keys", tags=["API keys"])


async def keys_of(request: Request) -> Keys:
    keys: Keys = request.app.state.keys
    return keys


KeysDep = Annotated[Keys, Depends(keys_of)]


@router.get("", operation_id="list_api_keys")
async def list_keys(keys: KeysDep, caller: Caller) -> list[KeyOut]:
    """Your keys, also those that have ended; an administrator sees everybody's."""
    return [KeyOut.of(key) for key in await keys.listed(caller)]


@router.post("", status_code=201, operation_id="add_api_key", responses=refusals(BadRequest))
async def add_key(new: NewKey, keys: KeysDep, caller: Caller) -> KeyMade:
    """Make a key that acts for you. It is shown this once."""
    key, made = await keys.add(caller, new)
    return KeyMade(**KeyOut.of(key).model_dump(), key=made.text)


@router.delete("/{key_id}", operation_id="revoke_api_key", responses=refusals(NotFound))
async def revoke_key(key_id: KeyId, keys: KeysDep, caller: Caller) -> Message:
    """End a key, at once and everywhere."""
    key = await keys.revoke(caller, key_id)
    return Message(message=f"Key {key.name} ({key.id}) was revoked.")
