"""All pools, pairs and positions of a network."""

from dataclasses import dataclass, field

from tests.gateway_peer.chain.tokens import Token
from tests.gateway_peer.uniswap.pairs import V2Pair
from tests.gateway_peer.uniswap.pools import Position, V3Pool


@dataclass
class Book:
    pools: dict[str, V3Pool] = field(default_factory=dict)
    pairs: dict[str, V2Pair] = field(default_factory=dict)
    positions: dict[int, Position] = field(default_factory=dict)
    minted: int = 0

    def pool(self, address: str) -> V3Pool | None:
        return self.pools.get(address.lower())

    def pair(self, address: str) -> V2Pair | None:
        return self.pairs.get(address.lower())

    def pools_of(self, one: Token, other: Token) -> list[V3Pool]:
        return [pool for pool in self.pools.values() if pool.trades(one) and pool.trades(other)]

    def position(self, text: str) -> Position | None:
        return self.positions.get(int(text)) if text.isdecimal() else None

    def owned_by(self, owner: str) -> list[Position]:
        return [each for each in self.positions.values() if each.owner.lower() == owner.lower()]

    def in_range(self, pool: V3Pool) -> list[Position]:
        return [each for each in self.positions.values() if each.pool is pool and each.is_active]

    def liquidity(self, pool: V3Pool) -> int:
        """What a swap meets at the present price."""
        return pool.depth + sum(each.liquidity for each in self.in_range(pool))

    def next_id(self) -> int:
        self.minted += 1
        return self.minted
