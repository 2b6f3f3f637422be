"""Which bots a caller may know of who is held to some accounts: those that run on them."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Depends, Request
from sqlalchemy import select

from aviary_common.access.principal import name_account, own_accounts
from aviary_common.database import Database
from aviary_common.errors import NotFound
from aviary_orchestration.runs import store
from aviary_orchestration.runs.tables import bot_run


class OwnBots:
    """For everybody else nothing is looked up, and every bot is his."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def require(self, bot_name: str) -> None:
        """``Forbidden`` for a bot on another account; one that has no run is nobody's, and so unknown."""
        if own_accounts() is None:
            return
        async with self._database.single() as connection:
            run = await store.find(connection, bot_name)
        if run is None:
            raise NotFound(f"There is no bot named {bot_name!r}.", code="unknown_bot")
        name_account(run.account_name)

    async def among(self, bots: Mapping[str, Any]) -> dict[str, Any]:
        """His of these."""
        if (accounts := own_accounts()) is None:
            return dict(bots)
        query = select(bot_run.c.bot_name).where(
            bot_run.c.bot_name.in_(list(bots)), bot_run.c.account_name.in_(accounts)
        )
        async with self._database.single() as connection:
            own = set(await connection.scalars(query))
        return {name: told for name, told in bots.items() if name in own}


async def own_bots_of(request: Request) -> OwnBots:
    own: OwnBots = request.app.state.own_bots
    return own


OwnBotsDep = Annotated[OwnBots, Depends(own_bots_of)]


async def require_own_bot(request: Request) -> None:
    """For routes that name a bot in their path."""
    if (bot_name := request.path_params.get("bot_name")) is not None:
        await (await own_bots_of(request)).require(bot_name)
