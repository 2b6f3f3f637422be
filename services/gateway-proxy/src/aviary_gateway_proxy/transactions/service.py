"""Transactions as the other parts use them."""

from aviary_common import logs
from aviary_common.errors import AviaryError
from aviary_gateway_proxy.transactions.follow import Follower
from aviary_gateway_proxy.transactions.record import Intent, Transaction
from aviary_gateway_proxy.transactions.recorder import Recorder
from aviary_gateway_proxy.transactions.send import Sender

log = logs.get(__name__)


class Transactions:
    def __init__(self, sender: Sender, recorder: Recorder, follower: Follower) -> None:
        self._sender = sender
        self._recorder = recorder
        self._follower = follower

    async def send(self, intent: Intent) -> Transaction:
        """As ``Sender.send``."""
        return await self._sender.send(intent)

    async def now(self, key: str) -> Transaction:
        """By our id or its hash, after a look at one that is on its way; as it was last known when nobody can look.
        404 ``unknown_transaction``."""
        return await self.refreshed(await self._recorder.find(key))

    async def refreshed(self, transaction: Transaction) -> Transaction:
        if not transaction.is_on_its_way:
            return transaction
        try:
            return await self._follower.look(transaction)
        except AviaryError as error:
            log.info("transaction not looked at", transaction=transaction.id, reason=error.detail)
            return transaction
