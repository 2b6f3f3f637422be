"""Uniswap V2 pairs: two reserves and a token for the shares."""

from dataclasses import dataclass, field
from decimal import Decimal
from math import isqrt

from tests.gateway_peer.chain.ledger import Ledger, Reverted
from tests.gateway_peer.chain.tokens import Token

FEE_PER_MILLE = 3


@dataclass
class V2Pair:
    address: str
    token0: Token
    token1: Token
    reserve0: int
    reserve1: int
    supply: int = field(init=False)
    share: Token = field(init=False)

    def __post_init__(self) -> None:
        self.supply = isqrt(self.reserve0 * self.reserve1)
        self.share = Token("UNI-V2", "Uniswap V2", self.address, 18)

    @property
    def key(self) -> str:
        return self.address.lower()

    @property
    def price(self) -> Decimal:
        """Token1 per token0 as people write it."""
        raw = Decimal(self.reserve1) / Decimal(self.reserve0)
        return raw * Decimal(10) ** (self.token0.decimals - self.token1.decimals)

    def trades(self, token: Token) -> bool:
        return token.key in (self.token0.key, self.token1.key)

    def out_for(self, amount_in: int, *, zero_for_one: bool) -> int:
        source, target = self._reserves(zero_for_one)
        net = amount_in * (1000 - FEE_PER_MILLE)
        return net * target // (source * 1000 + net)

    def in_for(self, amount_out: int, *, zero_for_one: bool) -> int | None:
        """None when the pair does not hold so much."""
        source, target = self._reserves(zero_for_one)
        if amount_out >= target:
            return None
        return source * amount_out * 1000 // ((target - amount_out) * (1000 - FEE_PER_MILLE)) + 1

    def swap(self, ledger: Ledger, owner: str, amounts: tuple[int, int], *, zero_for_one: bool) -> None:
        amount_in, amount_out = amounts
        source, target = (self.token0, self.token1) if zero_for_one else (self.token1, self.token0)
        ledger.take(source.key, owner, amount_in)
        ledger.give(target.key, owner, amount_out)
        sign = 1 if zero_for_one else -1
        self.reserve0 += amount_in if sign > 0 else -amount_out
        self.reserve1 += amount_in if sign < 0 else -amount_out

    def balanced(self, amount0: int, amount1: int) -> tuple[int, int]:
        """As much of both as the reserves' ratio allows."""
        needed1 = amount0 * self.reserve1 // self.reserve0
        if needed1 <= amount1:
            return amount0, needed1
        return amount1 * self.reserve0 // self.reserve1, amount1

    def deposit(self, ledger: Ledger, owner: str, amount0: int, amount1: int) -> dict[str, int]:
        used0, used1 = self.balanced(amount0, amount1)
        ledger.require(self.token0.key, owner, used0)
        ledger.take(self.token1.key, owner, used1)
        ledger.take(self.token0.key, owner, used0)
        minted = used0 * self.supply // self.reserve0
        self._change(used0, used1, minted)
        ledger.give(self.share.key, owner, minted)
        return {"amount0": used0, "amount1": used1}

    def withdraw(self, ledger: Ledger, owner: str, shares: int) -> dict[str, int]:
        if not shares:
            raise Reverted("INSUFFICIENT_LIQUIDITY_BURNED")
        ledger.take(self.share.key, owner, shares)
        amount0, amount1 = self.worth(shares)
        self._change(-amount0, -amount1, -shares)
        ledger.give(self.token0.key, owner, amount0)
        ledger.give(self.token1.key, owner, amount1)
        return {"amount0": amount0, "amount1": amount1}

    def worth(self, shares: int) -> tuple[int, int]:
        return shares * self.reserve0 // self.supply, shares * self.reserve1 // self.supply

    def _change(self, amount0: int, amount1: int, shares: int) -> None:
        self.reserve0, self.reserve1 = self.reserve0 + amount0, self.reserve1 + amount1
        self.supply += shares

    def _reserves(self, zero_for_one: bool) -> tuple[int, int]:
        return (self.reserve0, self.reserve1) if zero_for_one else (self.reserve1, self.reserve0)
