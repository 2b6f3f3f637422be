"""Who owns how much, and who may spend it."""

from dataclasses import dataclass, field

from tests.gateway_peer.chain.tokens import Token


class Reverted(Exception):
    """What a contract says when it refuses: the transaction is mined with status 0 and changes nothing."""


@dataclass(frozen=True)
class Allowance:
    amount: int
    expires_at_s: float | None = None
    """Permit2's grants end; an ERC20 approval does not."""


@dataclass
class Ledger:
    balances: dict[tuple[str, str], int] = field(default_factory=dict)
    """By token and owner, both in lower case."""
    allowances: dict[tuple[str, str, str], Allowance] = field(default_factory=dict)
    """By token, owner and spender. Permit2's grants stand under its own spenders."""

    def balance(self, token: str, owner: str) -> int:
        return self.balances.get((token.lower(), owner.lower()), 0)

    def give(self, token: str, owner: str, amount: int) -> None:
        self.balances[(token.lower(), owner.lower())] = self.balance(token, owner) + amount

    def take(self, token: str, owner: str, amount: int) -> None:
        """Reverts when there is less."""
        self.require(token, owner, amount)
        self.balances[(token.lower(), owner.lower())] -= amount

    def require(self, token: str, owner: str, amount: int) -> None:
        """Call it for all that a transaction takes before it takes any: a revert changes nothing."""
        if amount and self.balance(token, owner) < amount:
            raise Reverted("STF")
        self.balances.setdefault((token.lower(), owner.lower()), 0)

    def approve(self, token: Token, owner: str, spender: str, allowance: Allowance) -> None:
        self.allowances[(token.key, owner.lower(), spender.lower())] = allowance

    def allowance(self, token: Token, owner: str, spender: str, now_s: float) -> int:
        found = self.allowances.get((token.key, owner.lower(), spender.lower()))
        if found is None or (found.expires_at_s is not None and found.expires_at_s < now_s):
            return 0
        return found.amount
