"""The one way in which a transaction changes: under its lock, with what follows from it and its event."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from aviary_common import jobs
from aviary_common.database import Database
from aviary_common.database.outbox import Outbox
from aviary_common.errors import NotFound, TooManyRequests
from aviary_common.timestamps import utc_now
from aviary_gateway_proxy.transactions import store
from aviary_gateway_proxy.transactions.events import event_of
from aviary_gateway_proxy.transactions.outcome import Outcome, after, still_blocks
from aviary_gateway_proxy.transactions.record import Intent, Transaction, TxKind
from aviary_gateway_proxy.transactions.settings import TransactionPace
from aviary_gateway_proxy.transactions.states import FINAL, TxState, move

BUSY_S = 15
QUEUE = "gateway_transaction"


class Projection(Protocol):
    """What a transaction means for swaps, positions and their events; the same news twice must change nothing."""

    async def __call__(self, connection: AsyncConnection, transaction: Transaction) -> None: ...


class Recorder:
    """``owner`` is this replica's life, ``clock`` is passed in where a test wants to hold it still."""

    def __init__(
        self,
        database: Database,
        outbox: Outbox,
        projections: Mapping[TxKind, Projection],
        pace: TransactionPace,
        owner: str,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._database = database
        self._outbox = outbox
        self._projections = projections
        self._pace = pace
        self._owner = owner
        self._clock = clock

    async def add(self, intent: Intent) -> Transaction:
        """Committed when this returns. Raises ``TooManyRequests`` when too many of the wallet's wait already."""
        now = self._clock()
        expires_at = now + timedelta(seconds=self._pace.wait_s)
        async with self._database.transaction() as connection:
            if await store.count_waiting(connection, intent.wallet, now) >= self._pace.queue_length:
                raise busy(intent, "has too many transactions waiting")
            return await store.add(connection, intent, self._owner, now, expires_at)

    async def take_turn(self, transaction: Transaction) -> bool:
        async with self._database.single() as connection:
            return await store.take_turn(connection, transaction.id)

    async def begin(self, transaction: Transaction, before: Mapping[str, Any]) -> Transaction:
        """From now on it may be on its way. Raises ``IllegalTransition`` when somebody has ended it meanwhile."""
        async with self._database.transaction() as connection:
            current = await store.lock(connection, transaction.id)
            state = move(current.state, TxState.SENT)
            now = self._clock()
            sent = replace(current, state=state, before=dict(before), sent_at=now, look_at=now)
            await store.save(connection, sent)
            return sent

    async def settle(self, transaction: Transaction, outcome: Outcome) -> Transaction:
        """The transaction as it is afterwards, which is as it was when the news came late."""
        async with self._database.transaction() as connection:
            current = await store.lock(connection, transaction.id)
            changed = after(current, outcome, self._clock(), self._pace)
            if changed == current:
                return current
            await store.save(connection, changed)
            await self._tell(connection, current, changed)
        if changed.state in FINAL and current.state not in FINAL:
            begun_at = changed.sent_at or changed.created_at
            jobs.ended(QUEUE, changed.state.value.lower(), (self._clock() - begun_at).total_seconds())
        return changed

    async def postpone(self, transaction: Transaction) -> None:
        """Nothing new: look again later. One that does not end lets the others pass after a while."""
        now = self._clock()
        look_at = now + self._pace.next_look(transaction.age(now))
        if transaction.in_flight and not still_blocks(transaction, now, self._pace):
            await self.let_pass(transaction)
        async with self._database.single() as connection:
            await store.postpone(connection, transaction.id, look_at)

    async def due(self, limit: int) -> Sequence[Transaction]:
        async with self._database.single() as connection:
            return await store.due(connection, self._clock(), limit)

    async def find(self, key: str) -> Transaction:
        """By our id or by its hash."""
        async with self._database.single() as connection:
            by_id = key.isdecimal() and len(key) < 19
            found = await store.read(connection, int(key)) if by_id else await store.find_by_hash(connection, key)
        if found is None:
            raise NotFound(f"There is no transaction {key}.", code="unknown_transaction")
        return found

    async def let_pass(self, transaction: Transaction) -> None:
        """The wallet's next one need not wait for it any longer."""
        async with self._database.transaction() as connection:
            current = await store.lock(connection, transaction.id)
            if current.state is transaction.state:
                await store.save(connection, replace(current, in_flight=False))

    async def _tell(self, connection: AsyncConnection, current: Transaction, changed: Transaction) -> None:
        if changed.state is TxState.REJECTED:
            return
        if (projection := self._projections.get(changed.kind)) is not None:
            await projection(connection, changed)
        if changed.state is not current.state and (event := event_of(changed, self._clock())) is not None:
            await self._outbox.add(connection, event)


def busy(intent: Intent | Transaction, words: str) -> TooManyRequests:
    wallet = intent.wallet.address if isinstance(intent, Intent) else intent.wallet
    return TooManyRequests(f"Wallet {wallet} {words}; nothing was sent.", retry_after_s=BUSY_S, code="wallet_busy")
