"""An EVM chain: blocks, nonces, a mempool, and contracts that answer at the moment of mining."""

from collections import Counter, deque
from dataclasses import dataclass, field
from enum import StrEnum

from tests.gateway_peer.chain.ledger import Ledger, Reverted
from tests.gateway_peer.chain.tokens import NATIVE, Token
from tests.gateway_peer.chain.transactions import GAS_WEI, Effect, End, Fate, Transaction, nothing, transaction_hash
from tests.gateway_peer.uniswap.book import Book

FIRST_BLOCK = 20_000_000


class NonceUsed(Exception):
    """The wallet's next nonce is a higher one."""


class Underpriced(Exception):
    """A transaction with this nonce waits in the mempool."""


class NoGas(Exception):
    """The wallet can't pay for gas."""


class Link(StrEnum):
    """How Gateway, or our own node, reaches the chain."""

    ALIVE = "alive"
    ERROR = "error"
    REFUSED = "refused"


@dataclass
class Network:
    name: str
    chain_id: int
    native: str
    wrapped: Token
    block: int = FIRST_BLOCK
    ledger: Ledger = field(default_factory=Ledger)
    contracts: dict[str, Token] = field(default_factory=dict)
    """Every token that exists, by lower-case address, whether Gateway's list has it or not."""
    book: Book = field(default_factory=Book)
    nonces: Counter[str] = field(default_factory=Counter)
    mempool: dict[str, Transaction] = field(default_factory=dict)
    mined: dict[str, Transaction] = field(default_factory=dict)
    fates: deque[Fate] = field(default_factory=deque)
    sent: int = 0
    gateway_link: Link = Link.ALIVE
    node_link: Link = Link.ALIVE
    node_refuses: frozenset[str] = frozenset()
    """Methods that this provider's node does not offer."""

    @property
    def id(self) -> str:
        return f"ethereum-{self.name}"

    def nonce(self, sender: str, *, pending: bool = False) -> int:
        waiting = sum(each.sender.lower() == sender.lower() for each in self.mempool.values()) if pending else 0
        return self.nonces[sender.lower()] + waiting

    def send(self, sender: str, to: str, nonce: int, effect: Effect) -> Transaction:
        """Into the mempool; at once out of it again, unless the control plane decided otherwise."""
        self._check(sender, nonce)
        self.sent += 1
        key = transaction_hash(self.id, sender, nonce, self.sent)
        transaction = Transaction(key, sender, to, nonce, effect, self._next_fate())
        self.mempool[key] = transaction
        if transaction.fate.at_once:
            self.finish(transaction)
        return transaction

    def finish(self, transaction: Transaction) -> None:
        """Mine it, revert it, drop it or have it replaced, as its fate says."""
        del self.mempool[transaction.hash]
        if transaction.fate.end is End.DROPPED:
            return
        if transaction.fate.end is End.REPLACED:
            transaction = self._other(transaction)
        self.block += 1
        self.nonces[transaction.sender.lower()] = transaction.nonce + 1
        self.ledger.take(NATIVE, transaction.sender, min(GAS_WEI, self.ledger.balance(NATIVE, transaction.sender)))
        transaction.block = self.block
        self._apply(transaction)
        self.mined[transaction.hash] = transaction

    def _other(self, replaced: Transaction) -> Transaction:
        self.sent += 1
        key = transaction_hash(self.id, replaced.sender, replaced.nonce, self.sent)
        return Transaction(key, replaced.sender, replaced.sender, replaced.nonce, nothing, Fate())

    def find(self, key: str, *, counts: bool = False) -> Transaction | None:
        """Mined or waiting; a look that ``counts`` may be the one at which it ends."""
        waiting = self.mempool.get(key)
        if waiting is not None and counts and waiting.fate.polls:
            waiting.polls += 1
            if waiting.polls >= waiting.fate.polls and not waiting.fate.held:
                self.finish(waiting)
        return self.mined.get(key) or self.mempool.get(key)

    def add_contract(self, token: Token) -> None:
        self.contracts[token.key] = token

    def _check(self, sender: str, nonce: int) -> None:
        if nonce < self.nonces[sender.lower()]:
            raise NonceUsed
        if any(each.sender.lower() == sender.lower() and each.nonce == nonce for each in self.mempool.values()):
            raise Underpriced
        if self.ledger.balance(NATIVE, sender) < GAS_WEI:
            raise NoGas

    def _next_fate(self) -> Fate:
        if self.fates and self.fates[0].skip:
            self.fates[0] = self.fates[0].model_copy(update={"skip": self.fates[0].skip - 1})
            return Fate()
        return self.fates.popleft() if self.fates else Fate()

    def _apply(self, transaction: Transaction) -> None:
        try:
            if transaction.fate.end is End.REVERTED:
                raise Reverted("execution reverted")
            transaction.amounts = transaction.effect()
            transaction.status = 1
        except Reverted as refusal:
            transaction.status, transaction.reason = 0, str(refusal)
