"""A pool as the user asked for it."""

from aviary_gateway_proxy.configuration.tokens import Tokens, among
from aviary_gateway_proxy.pools.find import Pool, Pools
from aviary_gateway_proxy.pools.orientation import for_pool, oriented_pool
from aviary_gateway_proxy.pools.schemas import PoolAsked, PoolInfoOut


class PoolDesk:
    def __init__(self, pools: Pools, tokens: Tokens) -> None:
        self._pools = pools
        self._tokens = tokens

    async def info(self, asked: PoolAsked) -> PoolInfoOut:
        """In the order of the pair; by address alone in the pool's own, whose pair is told too."""
        pool = await self._find(asked)
        where = pool.place.where
        base = pool.base.address if pool.base else pool.info.base_token_address
        info = oriented_pool(where.chain, base, pool.info)
        listed = await self._tokens.all(where)
        ends = [among(listed, where.chain, each) for each in (info.base_token_address, info.quote_token_address)]
        symbols = [token.symbol if token else None for token in ends]
        return PoolInfoOut.of(info, symbols[0], symbols[1], asked.bin_count)

    async def _find(self, asked: PoolAsked) -> Pool:
        place = await self._pools.place(asked.connector, asked.network, asked.chain)
        if asked.pool_address is None:
            return await self._pools.of_pair(place, asked.token0 or "", asked.token1 or "", asked.fee)
        pool = await self._pools.at(place, asked.pool_address)
        if not asked.token0 or not asked.token1:
            return pool
        pair = await self._pools.pair(place.where, asked.token0, asked.token1)
        for token in (pair.quote, pair.base):
            for_pool(place.where.chain, token.address, pool.info)
        return Pool(place, pool.info, pair.base)
