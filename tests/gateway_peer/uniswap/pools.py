"""Uniswap V3 pools and the positions in them, which are NFTs with small numbers."""

from dataclasses import dataclass
from decimal import Decimal, localcontext

from tests.gateway_peer.chain.tokens import Token
from tests.gateway_peer.uniswap import maths


@dataclass
class V3Pool:
    address: str
    token0: Token
    token1: Token
    fee: int
    """In millionths: 500 is 0.05 %."""
    sqrt: Decimal
    depth: int
    """The liquidity of everybody else, over all prices."""

    @property
    def key(self) -> str:
        return self.address.lower()

    @property
    def spacing(self) -> int:
        return maths.SPACINGS[self.fee]

    @property
    def tick(self) -> int:
        with localcontext(maths.EXACT):
            return maths.tick_at(self.sqrt * self.sqrt)

    @property
    def price(self) -> Decimal:
        """Token1 per token0 as people write it."""
        with localcontext(maths.EXACT):
            return self.human_price(self.sqrt * self.sqrt)

    def human_price(self, raw: Decimal) -> Decimal:
        with localcontext(maths.EXACT):
            return raw * Decimal(10) ** (self.token0.decimals - self.token1.decimals)

    def raw_price(self, human: Decimal) -> Decimal:
        with localcontext(maths.EXACT):
            return human * Decimal(10) ** (self.token1.decimals - self.token0.decimals)

    def move(self, human: Decimal) -> None:
        with localcontext(maths.EXACT):
            self.sqrt = self.raw_price(human).sqrt()

    def trades(self, token: Token) -> bool:
        return token.key in (self.token0.key, self.token1.key)


@dataclass
class Position:
    id: int
    owner: str
    pool: V3Pool
    lower_tick: int
    upper_tick: int
    liquidity: int = 0
    owed0: int = 0
    owed1: int = 0
    unseen0: int = 0
    unseen1: int = 0
    """Fees that have accrued since the position was last touched: ``owed`` does not hold them yet."""

    @property
    def span(self) -> maths.Range:
        return maths.range_of(self.lower_tick, self.upper_tick)

    @property
    def is_active(self) -> bool:
        return self.lower_tick <= self.pool.tick < self.upper_tick

    def amounts(self) -> tuple[int, int]:
        return maths.amounts_of(self.liquidity, self.pool.sqrt, self.span)

    def touch(self) -> None:
        self.owed0, self.owed1 = self.owed0 + self.unseen0, self.owed1 + self.unseen1
        self.unseen0 = self.unseen1 = 0


def pool_at(address: str, tokens: tuple[Token, Token], fee: int, price: str, depth: int) -> V3Pool:
    """A pool at a price as people write it, token1 per token0."""
    pool = V3Pool(address, *tokens, fee, Decimal(1), depth)
    pool.move(Decimal(price))
    return pool
