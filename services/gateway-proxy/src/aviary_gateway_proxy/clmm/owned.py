"""Positions as the chain has them now, in the pair as the user wrote it."""

from aviary_common.database import Database
from aviary_gateway_proxy.addresses import same_address
from aviary_gateway_proxy.clmm import store
from aviary_gateway_proxy.clmm.asked import OwnedAsked, PositionAsked
from aviary_gateway_proxy.clmm.read import PositionReader
from aviary_gateway_proxy.clmm.record import InRange, in_range
from aviary_gateway_proxy.clmm.schemas import OwnedPosition
from aviary_gateway_proxy.clmm.subject import Ends, Subjects, base_of
from aviary_gateway_proxy.names import NetworkId
from aviary_gateway_proxy.pools.find import Pools
from aviary_gateway_proxy.pools.orientation import oriented_position
from aviary_gateway_proxy.pools.shapes import PositionInfo
from aviary_gateway_proxy.transactions.chains import ChainNodes


class OwnedPositions:
    def __init__(
        self, reader: PositionReader, pools: Pools, subjects: Subjects, chains: ChainNodes, database: Database
    ) -> None:
        self._reader = reader
        self._pools = pools
        self._subjects = subjects
        self._chains = chains
        self._database = database

    async def all(self, asked: OwnedAsked) -> list[OwnedPosition]:
        """Of one wallet, in all pools or in one."""
        place = await self._pools.place(asked.connector, asked.network, asked.chain)
        where, name = place.where, place.connector.name
        wallet = await self._chains.wallet(where.chain, where.network, asked.wallet_address)
        found = [PositionInfo.of(told) for told in await self._reader.owned(where, name, wallet.address)]
        async with self._database.single() as connection:
            rows = await store.find_all(connection, str(where), name, wallet.address) if found else ()
        known = {row.position_address: row for row in rows}
        return [
            await self._shown(where, info, base_of(where.chain, known.get(info.address), info))
            for info in found
            if asked.pool_address is None or same_address(where.chain, info.pool_address, asked.pool_address)
        ]

    async def one(self, asked: PositionAsked) -> OwnedPosition:
        """404 ``unknown_position`` for one that is closed or was never there."""
        known = await self._subjects.known(asked)
        return shown(known.place.where, known.info, known.ends)

    async def _shown(self, where: NetworkId, info: PositionInfo, base: str) -> OwnedPosition:
        is_base = same_address(where.chain, base, info.base_token_address)
        other = info.quote_token_address if is_base else info.base_token_address
        return shown(where, info, await self._subjects.ends(where, base, other))


def shown(where: NetworkId, told: PositionInfo, ends: Ends) -> OwnedPosition:
    info = oriented_position(where.chain, ends.base.address, told)
    return OwnedPosition(
        position_address=info.address,
        pool_address=info.pool_address,
        trading_pair=ends.pair,
        base_token=ends.base.symbol,
        quote_token=ends.quote.symbol,
        base_token_amount=info.base_token_amount,
        quote_token_amount=info.quote_token_amount,
        current_price=info.price,
        lower_price=info.lower_price,
        upper_price=info.upper_price,
        base_fee_amount=info.base_fee_amount,
        quote_fee_amount=info.quote_fee_amount,
        lower_bin_id=info.lower_bin_id,
        upper_bin_id=info.upper_bin_id,
        in_range=in_range(info.price, info.lower_price, info.upper_price) is InRange.IN_RANGE,
    )
