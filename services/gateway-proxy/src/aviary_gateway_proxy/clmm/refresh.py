"""Open positions looked at again: one request for each wallet of a connector, and no more of them than the budget has.

A position that its wallet does not own any more, on a chain that answers, was closed elsewhere.
"""

from collections.abc import Sequence
from typing import Final

from aviary_common import logs
from aviary_common.database import Database
from aviary_common.errors import AviaryError
from aviary_common.timestamps import utc_now
from aviary_gateway_proxy.chains.nodes import Nodes
from aviary_gateway_proxy.clmm import store
from aviary_gateway_proxy.clmm.read import PositionReader
from aviary_gateway_proxy.clmm.record import PositionRow, PositionStatus
from aviary_gateway_proxy.names import NetworkId
from aviary_gateway_proxy.pools.orientation import oriented_position
from aviary_gateway_proxy.pools.shapes import PositionInfo

log = logs.get(__name__)

MOST_WALLETS: Final = 8

Group = tuple[str, str, str]


class Refresher:
    def __init__(self, reader: PositionReader, nodes: Nodes, database: Database) -> None:
        self._reader = reader
        self._nodes = nodes
        self._database = database

    async def refresh(self, rows: Sequence[PositionRow]) -> None:
        """Those that are open; whatever Gateway can't tell now stays as it was."""
        groups: dict[Group, list[PositionRow]] = {}
        for row in rows:
            if row.status is PositionStatus.OPEN:
                groups.setdefault((row.network, row.connector, row.wallet_address), []).append(row)
        for group in list(groups)[:MOST_WALLETS]:
            try:
                await self._look(group, groups[group])
            except AviaryError as error:
                log.info("positions not refreshed", network=group[0], wallet=group[2], reason=error.detail)

    async def _look(self, group: Group, rows: Sequence[PositionRow]) -> None:
        network, connector, wallet = group
        where = NetworkId.parse(network)
        if where is None:
            return
        told = await self._reader.owned(where, connector, wallet)
        owned = {each.address: each for each in map(PositionInfo.of, told)}
        if any(row.position_address not in owned for row in rows):
            await self._nodes.require(where)
        now = utc_now()
        async with self._database.transaction() as connection:
            for row in sorted(rows, key=lambda each: each.id):
                info = owned.get(row.position_address)
                if info is None:
                    await store.close(connection, (network, connector, row.position_address), now)
                else:
                    oriented = oriented_position(where.chain, row.base_token_address, info)
                    await store.refresh(connection, row, oriented, now)
