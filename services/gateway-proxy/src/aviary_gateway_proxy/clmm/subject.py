"""What a request is about: a pool for a new position, or a position that exists; and which token is the base."""

from dataclasses import dataclass
from typing import Any

from aviary_common.database import Database
from aviary_gateway_proxy.addresses import same_address
from aviary_gateway_proxy.clmm import store
from aviary_gateway_proxy.clmm.asked import PositionAsked, RangeAsked
from aviary_gateway_proxy.clmm.read import PositionReader
from aviary_gateway_proxy.clmm.record import PositionRow
from aviary_gateway_proxy.configuration.tokens import Token, Tokens, among
from aviary_gateway_proxy.names import NetworkId
from aviary_gateway_proxy.pools.find import Place, Pool, Pools
from aviary_gateway_proxy.pools.orientation import Orientation, for_pool, price_base, towards
from aviary_gateway_proxy.pools.shapes import PositionInfo


@dataclass(frozen=True)
class End:
    """One token of a pool; ``token`` is None when Gateway's list does not have it."""

    address: str
    token: Token | None

    @property
    def symbol(self) -> str:
        return self.token.symbol if self.token else self.address


@dataclass(frozen=True)
class Ends:
    """In the user's order."""

    base: End
    quote: End

    @property
    def pair(self) -> str:
        return f"{self.base.symbol}-{self.quote.symbol}"

    def about(self) -> dict[str, Any]:
        return {
            "trading_pair": self.pair,
            "base": self.base.symbol,
            "quote": self.quote.symbol,
            "base_address": self.base.address,
            "quote_address": self.quote.address,
        }

    def told(self, *, flipped: bool) -> list[list[Any] | None]:
        """Addresses and decimals in Gateway's order, as far as they are known."""
        ends = (self.quote, self.base) if flipped else (self.base, self.quote)
        return [[each.address, each.token.decimals] if each.token else None for each in ends]


@dataclass(frozen=True)
class NewPosition:
    pool: Pool
    ends: Ends
    turn: Orientation


@dataclass(frozen=True)
class KnownPosition:
    """``told`` is position-info in Gateway's words, ``turn`` leads from its order to the user's."""

    place: Place
    row: PositionRow | None
    told: dict[str, Any]
    info: PositionInfo
    ends: Ends
    turn: Orientation


class Subjects:
    def __init__(self, pools: Pools, tokens: Tokens, reader: PositionReader, database: Database) -> None:
        self._pools = pools
        self._tokens = tokens
        self._reader = reader
        self._database = database

    async def new(self, asked: RangeAsked) -> NewPosition:
        """As ``Pools.at`` and ``Pools.of_pair``; 422 ``not_in_pool`` for a token that the pool does not trade."""
        place = await self._pools.place(asked.connector, asked.network, asked.chain)
        pool = await self._pool(place, asked)
        info, chain = pool.info, place.where.chain
        base = pool.base.address if pool.base else info.base_token_address
        turn = for_pool(chain, base, info)
        ends = await self.ends(place.where, *turn.addresses(info.base_token_address, info.quote_token_address))
        return NewPosition(pool, ends, turn)

    async def known(self, asked: PositionAsked) -> KnownPosition:
        """404 ``unknown_position`` for one that is not open."""
        place = await self._pools.place(asked.connector, asked.network, asked.chain)
        where, name = place.where, place.connector.name
        async with self._database.single() as connection:
            row = await store.find(connection, (str(where), name, asked.position_address))
        wallet = asked.wallet_address or (row.wallet_address if row else None)
        told = await self._reader.info(where, name, asked.position_address, wallet)
        info = PositionInfo.of(told)
        base = base_of(where.chain, row, info)
        turn = towards(where.chain, base, info.base_token_address, info.quote_token_address)
        ends = await self.ends(where, *turn.addresses(info.base_token_address, info.quote_token_address))
        return KnownPosition(place, row, told, info, ends, turn)

    async def ends(self, where: NetworkId, base: str, quote: str) -> Ends:
        listed = await self._tokens.all(where)
        return Ends(End(base, among(listed, where.chain, base)), End(quote, among(listed, where.chain, quote)))

    async def _pool(self, place: Place, asked: RangeAsked) -> Pool:
        if asked.pool_address is None:
            return await self._pools.of_pair(place, asked.token0 or "", asked.token1 or "", asked.fee)
        pool = await self._pools.at(place, asked.pool_address)
        if not asked.token0 or not asked.token1:
            return pool
        pair = await self._pools.pair(place.where, asked.token0, asked.token1)
        for_pool(place.where.chain, pair.quote.address, pool.info)
        return Pool(place, pool.info, pair.base)


def base_of(chain: str, row: PositionRow | None, info: PositionInfo) -> str:
    """As the position was opened here; of another one the pool's own base."""
    if row is not None and (
        same_address(chain, row.base_token_address, info.base_token_address)
        or same_address(chain, row.base_token_address, info.quote_token_address)
    ):
        return row.base_token_address
    return price_base(chain, info.base_token_address, info.quote_token_address)
