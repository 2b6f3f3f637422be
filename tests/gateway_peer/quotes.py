"""The router's quotes, which Gateway keeps in memory only."""

import hashlib
from dataclasses import dataclass, field
from decimal import Decimal

from tests.gateway_peer.chain.tokens import Token
from tests.gateway_peer.uniswap.pools import V3Pool


@dataclass(frozen=True)
class Quote:
    """Raw amounts for a swap of ``token_in`` in one pool; ``bound`` is the slippage's limit on the other amount."""

    pool: V3Pool
    token_in: Token
    token_out: Token
    amount_in: int
    amount_out: int
    side: str
    bound: int
    price_after: Decimal

    @property
    def zero_for_one(self) -> bool:
        return self.token_in.key == self.pool.token0.key

    @property
    def human_in(self) -> float:
        return self.token_in.human(self.amount_in)

    @property
    def human_out(self) -> float:
        return self.token_out.human(self.amount_out)

    @property
    def price(self) -> float:
        """Quote per base: what is sold is the base of a SELL, what is bought that of a BUY."""
        if self.side == "SELL":
            return self.human_out / self.human_in if self.human_in else 0.0
        return self.human_in / self.human_out if self.human_out else 0.0

    @property
    def least_out(self) -> float:
        return self.token_out.human(self.bound if self.side == "SELL" else self.amount_out)

    @property
    def most_in(self) -> float:
        return self.token_in.human(self.amount_in if self.side == "SELL" else self.bound)


@dataclass
class Quotes:
    kept: dict[str, Quote] = field(default_factory=dict)
    made: int = 0

    def keep(self, quote: Quote) -> str:
        self.made += 1
        digest = hashlib.sha256(f"quote/{self.made}".encode()).hexdigest()
        key = f"{digest[:8]}-{digest[8:12]}-4{digest[13:16]}-a{digest[17:20]}-{digest[20:32]}"
        self.kept[key] = quote
        return key

    def forget_all(self) -> None:
        self.kept.clear()
