"""Follows what is unfinished, in one replica at a time; what a dead replica has left behind is found so too."""

import asyncio
from collections.abc import Sequence
from typing import Final

from aviary_common import logs
from aviary_common.cancelling import together
from aviary_common.errors import AviaryError, Unavailable
from aviary_common.leases import Lease, Leases
from aviary_gateway_proxy.transactions.follow import Follower, lease_of
from aviary_gateway_proxy.transactions.record import Transaction
from aviary_gateway_proxy.transactions.recorder import Recorder
from aviary_gateway_proxy.transactions.settings import TransactionPace

log = logs.get(__name__)

LEASE: Final = "gateway-transactions"
AT_ONCE: Final = 50


class Poller:
    def __init__(
        self, recorder: Recorder, follower: Follower, leases: Leases, owner: str, pace: TransactionPace
    ) -> None:
        self._recorder = recorder
        self._follower = follower
        self._leases = leases
        self._owner = owner
        self._pace = pace

    async def live_forever(self) -> None:
        """While this replica holds its own lease, others leave alone what it is sending."""
        await self._leases.hold(lease_of(self._owner), _forever)

    async def follow_forever(self) -> None:
        await self._leases.hold(LEASE, self._follow)

    async def _follow(self, _lease: Lease) -> None:
        while True:
            await self.look()
            await asyncio.sleep(self._pace.look_every_s)

    async def look(self) -> None:
        """Once, at everything that is due. One chain's dead node keeps no other chain from being looked at."""
        by_network: dict[str, list[Transaction]] = {}
        for transaction in await self._recorder.due(AT_ONCE):
            by_network.setdefault(transaction.network_id, []).append(transaction)
        await together(*(self._look_at(transactions) for transactions in by_network.values()))

    async def _look_at(self, transactions: Sequence[Transaction]) -> None:
        """Each is put off before it is looked at, so that one whose look breaks does not come first again."""
        for transaction in transactions:
            await self._recorder.postpone(transaction)
        for transaction in transactions:
            try:
                await self._follower.look(transaction)
            except Unavailable as error:
                log.info("chain not followed", network=transaction.network_id, reason=error.detail)
                return
            except AviaryError as error:
                log.info("transaction not followed", transaction=transaction.id, reason=error.detail)


async def _forever(_lease: Lease) -> None:
    await asyncio.Event().wait()
