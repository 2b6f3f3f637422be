"""What has become of a transaction whose answer was lost: found by what it changed, or known never to come."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from aviary_common.rates.budget import Priority
from aviary_gateway_proxy.transactions.chains import ChainNodes
from aviary_gateway_proxy.transactions.node import Node, Receipt
from aviary_gateway_proxy.transactions.outcome import Outcome
from aviary_gateway_proxy.transactions.record import Transaction, TxKind
from aviary_gateway_proxy.transactions.settings import SLACK_S, TransactionPace
from aviary_gateway_proxy.transactions.snapshot import Snapshot
from aviary_gateway_proxy.transactions.states import TxState

NEVER_CAME: Final = "It never reached the chain: Gateway's answer was lost, and the wallet's nonce has not moved."
NO_EFFECT: Final = (
    "Its nonce was used and nothing of it can be seen: the contract refused it, or another transaction took its place."
)
OFTEN_TWO: Final = frozenset({TxKind.APPROVE})
"""Gateway sends two for a router: while one of them waits, it is not over."""
NO_TRACE: Final = "Gateway's answer was lost and no trace of the transaction was found within the time for it."


@dataclass(frozen=True, slots=True)
class Evidence:
    """``seen`` is None where one cannot tell; ``result`` as Gateway would have told it."""

    seen: bool | None
    result: Mapping[str, Any] | None = None


class Witness(Protocol):
    """Whether what a transaction was to change has changed since the snapshot; ``balances`` are those of now, by token
    address, as far as the snapshot has them."""

    async def __call__(self, transaction: Transaction, before: Snapshot, balances: Mapping[str, int]) -> Evidence: ...


class Recovery:
    def __init__(
        self, chains: ChainNodes, witnesses: Mapping[TxKind, Witness], pace: TransactionPace, deadline_s: float
    ) -> None:
        self._chains = chains
        self._witnesses = witnesses
        self._pace = pace
        self._longest = timedelta(seconds=deadline_s + SLACK_S)

    async def look(self, transaction: Transaction, now: datetime) -> Outcome | None:
        """None while it is not known. Raises ``NodeAway`` and what Gateway raises."""
        before = Snapshot.of(transaction.before)
        node = await self._chains.node(transaction.chain, transaction.network, Priority.POLLING)
        if node is None or before.nonce is None:
            return await self._by_effect(transaction, before, {}, now)
        nonces = await node.nonces(transaction.wallet)
        waits = nonces.pending > nonces.mined
        if nonces.mined > before.nonce and not (waits and transaction.kind in OFTEN_TWO):
            return await self._of_used_nonce(transaction, before, node, now)
        if waits or not self._is_over(transaction, now):
            return None
        error = f"{NEVER_CAME} Gateway said: {transaction.error}" if transaction.error else NEVER_CAME
        return Outcome(state=TxState.FAILED, error=error)

    async def _of_used_nonce(
        self, transaction: Transaction, before: Snapshot, node: Node, now: datetime
    ) -> Outcome | None:
        key = await node.hash_by_nonce(transaction.wallet, before.nonce or 0, before.block or 0)
        receipt = await node.receipt(key) if key else None
        if receipt is not None and not receipt.succeeded:
            return await self._with_fee(
                transaction, Outcome(state=TxState.REVERTED, hash=key, error=NO_EFFECT), receipt
            )
        balances = {token: await node.balance(token, transaction.wallet) for token in before.balances}
        found = await self._by_effect(transaction, before, balances, now)
        if receipt is None:
            return found
        confirmed = Outcome(state=TxState.CONFIRMED, hash=key, result=found.result if found else None)
        return await self._with_fee(transaction, confirmed, receipt)

    async def _by_effect(
        self, transaction: Transaction, before: Snapshot, balances: Mapping[str, int], now: datetime
    ) -> Outcome | None:
        """Where there is a nonce, it has moved: then what is not seen by now did not happen. Otherwise it may still
        come."""
        witness = self._witnesses.get(transaction.kind)
        evidence = await witness(transaction, before, balances) if witness else Evidence(None)
        if evidence.seen:
            return Outcome(state=TxState.CONFIRMED, result=evidence.result or {})
        if evidence.seen is False and before.nonce is not None and self._is_over(transaction, now):
            return Outcome(state=TxState.FAILED, error=NO_EFFECT)
        if transaction.age(now).total_seconds() > self._pace.give_up_s:
            return Outcome(state=TxState.FAILED, error=NO_TRACE)
        return None

    async def _with_fee(self, transaction: Transaction, outcome: Outcome, receipt: Receipt) -> Outcome:
        currency = await self._chains.currency(transaction.chain, transaction.network, Priority.POLLING)
        return Outcome(
            state=outcome.state,
            hash=outcome.hash,
            result=outcome.result,
            fee=receipt.fee,
            fee_token=currency,
            error=outcome.error,
        )

    def _is_over(self, transaction: Transaction, now: datetime) -> bool:
        """Whether it can't come any more: Gateway is done with it, and nodes have had time to hear of it."""
        settle = timedelta(seconds=self._pace.settle_s)
        return transaction.age(now) > (settle if transaction.answered else settle + self._longest)
