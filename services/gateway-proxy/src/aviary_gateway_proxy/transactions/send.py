"""Sending: one transaction of a wallet at a time, written down before, told apart afterwards."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Protocol

from aviary_common import logs
from aviary_common.errors import AviaryError, Conflict
from aviary_common.rates.budget import Priority
from aviary_gateway_proxy.transactions import snapshot
from aviary_gateway_proxy.transactions.answers import REFUSED, outcome_of
from aviary_gateway_proxy.transactions.chains import ChainNodes
from aviary_gateway_proxy.transactions.outcome import Outcome
from aviary_gateway_proxy.transactions.record import Intent, Transaction, TxKind
from aviary_gateway_proxy.transactions.recorder import Recorder, busy
from aviary_gateway_proxy.transactions.settings import TransactionPace
from aviary_gateway_proxy.transactions.states import IllegalTransition, TxState
from aviary_gateway_proxy.upstream.client import Answer, Gateway
from aviary_gateway_proxy.upstream.errors import Unanswered, translated

log = logs.get(__name__)


class Memory(Protocol):
    """What a kind of transaction must remember from before, such as the positions that a wallet owned."""

    async def __call__(self, transaction: Transaction) -> Mapping[str, Any]: ...


class Sender:
    def __init__(
        self,
        gateway: Gateway,
        chains: ChainNodes,
        recorder: Recorder,
        memories: Mapping[TxKind, Memory],
        pace: TransactionPace,
        deadline_s: float,
    ) -> None:
        self._gateway = gateway
        self._chains = chains
        self._recorder = recorder
        self._memories = memories
        self._pace = pace
        self._deadline_s = deadline_s

    async def send(self, intent: Intent) -> Transaction:
        """Confirmed, on its way, or unknown. Raises what Gateway refused it for; ``Conflict`` ``reverted`` when the
        contract refused it; ``TooManyRequests`` ``wallet_busy`` when the wallet's earlier ones take too long;
        ``NodeAway`` when it could not be followed. After an error nothing is on its way."""
        waiting = await self._recorder.add(intent)
        try:
            await self._wait_for_turn(waiting)
            before = await self._before(waiting, intent)
        except AviaryError as error:
            await self._recorder.settle(waiting, Outcome(state=TxState.REJECTED, error=error.detail))
            raise
        try:
            transaction = await self._recorder.begin(waiting, before)
        except IllegalTransition as error:
            raise busy(waiting, "was too slow to be asked") from error
        return await self._ask(transaction)

    async def _wait_for_turn(self, transaction: Transaction) -> None:
        try:
            async with asyncio.timeout(self._pace.wait_s):
                while not await self._recorder.take_turn(transaction):
                    await asyncio.sleep(self._pace.turn_every_s)
        except TimeoutError as error:
            raise busy(transaction, "has an earlier transaction that is not final yet") from error

    async def _before(self, transaction: Transaction, intent: Intent) -> dict[str, Any]:
        memory = self._memories.get(intent.kind)
        domain = await memory(transaction) if memory else {}
        node = await self._chains.node(transaction.chain, transaction.network, Priority.TRADING)
        return (await snapshot.take(node, transaction.wallet, intent.tokens, domain)).plain()

    async def _ask(self, transaction: Transaction) -> Transaction:
        try:
            answer = await self._gateway.send(
                "POST",
                transaction.path,
                body=transaction.request,
                priority=Priority.TRADING,
                deadline_s=self._deadline_s,
            )
        except Unanswered as error:
            lost = Outcome(state=TxState.UNKNOWN, error=error.detail, answered=False)
            return await self._recorder.settle(transaction, lost)
        except AviaryError as error:
            await self._recorder.settle(transaction, Outcome(state=TxState.REJECTED, error=error.detail))
            raise
        return await self._take_in(transaction, answer)

    async def _take_in(self, transaction: Transaction, answer: Answer) -> Transaction:
        outcome = await self._checked(transaction, outcome_of(answer))
        settled = await self._recorder.settle(transaction, outcome)
        if settled.state is TxState.REJECTED:
            raise translated(answer.status, answer.body, answer.retry_after)
        if settled.state in (TxState.REVERTED, TxState.FAILED, TxState.DROPPED):
            raise reverted(settled)
        return settled

    async def _checked(self, transaction: Transaction, outcome: Outcome) -> Outcome:
        """The receipt decides whether what Gateway calls confirmed was not reverted, and tells the fee."""
        if outcome.hash is None or outcome.state not in (TxState.CONFIRMED, TxState.SUBMITTED):
            return outcome
        try:
            return await with_receipt(self._chains, transaction, outcome)
        except AviaryError as error:
            log.warning("receipt not checked", transaction=transaction.id, reason=error.detail)
            return outcome


async def with_receipt(
    chains: ChainNodes, transaction: Transaction, outcome: Outcome, priority: Priority = Priority.TRADING
) -> Outcome:
    """The outcome as the chain's own node sees it, where there is one to ask. Raises ``NodeAway``."""
    node = await chains.node(transaction.chain, transaction.network, priority)
    receipt = await node.receipt(outcome.hash) if node and outcome.hash else None
    if receipt is not None:
        error = REFUSED if not receipt.succeeded else None
        state = TxState.CONFIRMED if receipt.succeeded else TxState.REVERTED
        outcome = replace(outcome, state=state, fee=receipt.fee, error=error)
    if outcome.fee is None:
        return outcome
    currency = await chains.currency(transaction.chain, transaction.network, priority)
    return replace(outcome, fee_token=currency)


def reverted(transaction: Transaction) -> Conflict:
    """What a caller hears of a transaction that was sent and came to nothing."""
    name = transaction.hash or f"no hash, our id {transaction.id}"
    words = transaction.error or "The transaction came to nothing."
    return Conflict(f"{words} ({name})", code=f"transaction_{transaction.state.value.lower()}")
