"""One look at an unfinished transaction."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from aviary_common.leases import Leases
from aviary_common.rates.budget import Priority
from aviary_common.timestamps import utc_now
from aviary_gateway_proxy.transactions.answers import CONFIRMED, FAILED, fee_in
from aviary_gateway_proxy.transactions.chains import ChainNodes
from aviary_gateway_proxy.transactions.node import Node
from aviary_gateway_proxy.transactions.outcome import Outcome
from aviary_gateway_proxy.transactions.record import Transaction
from aviary_gateway_proxy.transactions.recorder import Recorder
from aviary_gateway_proxy.transactions.recover import Recovery
from aviary_gateway_proxy.transactions.send import with_receipt
from aviary_gateway_proxy.transactions.settings import SLACK_S, TransactionPace
from aviary_gateway_proxy.transactions.states import TxState
from aviary_gateway_proxy.upstream.client import Gateway

NEVER_SENT: Final = "Its turn never came: the replica that should have sent it is gone."
ORPHANED: Final = "The replica that was sending it is gone."
REPLACED: Final = "Another transaction has taken its nonce."
FORGOTTEN: Final = "No node knows it any more."


class Follower:
    def __init__(
        self,
        gateway: Gateway,
        chains: ChainNodes,
        recorder: Recorder,
        recovery: Recovery,
        leases: Leases,
        pace: TransactionPace,
        deadline_s: float,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._gateway = gateway
        self._chains = chains
        self._recorder = recorder
        self._recovery = recovery
        self._leases = leases
        self._pace = pace
        self._longest = timedelta(seconds=deadline_s + SLACK_S)
        self._clock = clock

    async def look(self, transaction: Transaction) -> Transaction:
        """The transaction as it is afterwards. Raises ``NodeAway`` and what Gateway raises: then it is as before."""
        outcome = await self._outcome(transaction)
        if outcome is None:
            return transaction
        return await self._recorder.settle(transaction, outcome)

    async def _outcome(self, transaction: Transaction) -> Outcome | None:
        if transaction.state is TxState.PENDING:
            over = self._clock() > transaction.expires_at + timedelta(seconds=SLACK_S)
            gone = over or await self._is_orphan(transaction)
            return Outcome(state=TxState.REJECTED, error=NEVER_SENT) if gone else None
        if transaction.state is TxState.SENT:
            return await self._of_sent(transaction)
        if transaction.state is TxState.UNKNOWN and transaction.hash is None:
            return await self._recovery.look(transaction, self._clock())
        return await self._of_known(transaction)

    async def _of_sent(self, transaction: Transaction) -> Outcome | None:
        if transaction.age(self._clock()) > self._longest or await self._is_orphan(transaction):
            return Outcome(state=TxState.UNKNOWN, error=ORPHANED, answered=False)
        return None

    async def _is_orphan(self, transaction: Transaction) -> bool:
        lease = lease_of(transaction.owner)
        return bool(await self._leases.free([lease]))

    async def _of_known(self, transaction: Transaction) -> Outcome | None:
        node = await self._chains.node(transaction.chain, transaction.network, Priority.POLLING)
        if node is None:
            return await self._as_gateway_says(transaction)
        known = Outcome(state=TxState.SUBMITTED, hash=transaction.hash)
        seen = await with_receipt(self._chains, transaction, known, Priority.POLLING)
        if seen.state is not TxState.SUBMITTED or transaction.hash is None:
            return seen
        if await node.nonce_of(transaction.hash) is not None:
            return None
        return await self._of_lost(transaction, node, transaction.hash)

    async def _of_lost(self, transaction: Transaction, node: Node, key: str) -> Outcome | None:
        """Neither mined nor waiting: what is certain is that a used nonce never comes free again."""
        age, nonce = transaction.age(self._clock()).total_seconds(), transaction.before.get("nonce")
        if age < self._pace.settle_s:
            return None
        nonces = await node.nonces(transaction.wallet)
        if await node.receipt(key) is not None:
            return None
        if nonce is not None and nonces.mined > nonce:
            return Outcome(state=TxState.DROPPED, error=REPLACED)
        if age > self._pace.give_up_s:
            return Outcome(state=TxState.DROPPED, error=FORGOTTEN)
        if nonces.pending == nonces.mined:
            await self._recorder.let_pass(transaction)
        return None

    async def _as_gateway_says(self, transaction: Transaction) -> Outcome | None:
        """Enough on Solana. On an EVM chain without a node of its own nothing ends as confirmed: Gateway calls a
        reverted transaction so."""
        told = await self._gateway.post(
            f"/chains/{transaction.chain}/poll",
            {"network": transaction.network, "signature": transaction.hash},
            priority=Priority.POLLING,
        )
        failure = _failure(told)
        if failure or (told.get("txStatus") == FAILED and not transaction.sender.is_evm):
            return Outcome(state=TxState.REVERTED, error=failure or "The transaction failed on chain.")
        if told.get("txStatus") == CONFIRMED:
            return await self._mined(transaction, told)
        is_lost = told.get("txStatus") in (0, FAILED) and not told.get("txBlock", 0) > 0
        too_old = transaction.age(self._clock()).total_seconds() > self._pace.give_up_s
        return Outcome(state=TxState.DROPPED, error=FORGOTTEN) if is_lost and too_old else None

    async def _mined(self, transaction: Transaction, told: Mapping[str, Any]) -> Outcome | None:
        if transaction.sender.is_evm:
            return None
        fee = fee_in(told)
        currency = await self._chains.currency(transaction.chain, transaction.network, Priority.POLLING)
        return Outcome(state=TxState.CONFIRMED, fee=fee, fee_token=currency if fee is not None else None)


def lease_of(owner: str) -> str:
    """Held by a replica as long as it lives."""
    return f"gateway-sender:{owner}"


def _failure(told: Mapping[str, Any]) -> str | None:
    meta = (told.get("txData") or {}).get("meta") or {}
    error = meta.get("err") or told.get("error")
    return f"The transaction failed on chain: {error}" if error else None
