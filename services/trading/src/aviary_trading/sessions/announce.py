"""Events that tell no stored fact of ours still leave through the outbox, so that there is one way out."""

from collections.abc import Awaitable, Callable

from aviary_common.bus import Event
from aviary_common.database import Database
from aviary_common.database.outbox import Outbox

Announce = Callable[[Event], Awaitable[None]]


def announce_through(database: Database, outbox: Outbox) -> Announce:
    async def announce(event: Event) -> None:
        async with database.transaction() as connection:
            await outbox.add(connection, event)

    return announce
