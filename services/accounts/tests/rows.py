"""Snapshots written straight into the table, as an old or busy installation has them."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from aviary_accounts.portfolio.holdings import AtConnector, Held
from aviary_accounts.snapshots import store
from aviary_accounts.snapshots.documents import Gap, Snapshot
from aviary_common.database import Database

Totals = Mapping[tuple[str, str], str]
"""Units of USDT by account and connector."""


def snapshot(at: datetime, totals: Totals, gaps: list[Gap] | None = None) -> Snapshot:
    seen = [
        AtConnector(account, connector, (Held("USDT", Decimal(units), Decimal(units), Decimal(1)),), at)
        for (account, connector), units in totals.items()
    ]
    return Snapshot.of(at, seen, gaps or [])


async def write(database: Database, *snapshots: Snapshot) -> None:
    async with database.transaction() as connection:
        for each in snapshots:
            assert await store.add(connection, each)
