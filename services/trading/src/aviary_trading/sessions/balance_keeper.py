"""The balances of one session: from snapshots and from the stream, on the board at once, told a few times a second."""

import asyncio
import uuid
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final

from aviary_common import logs
from aviary_common.bus import Bus
from aviary_common.errors import Unavailable
from aviary_common.leases import Lease
from aviary_exchange.errors import ExchangeError
from aviary_exchange.port import PrivateExchange
from aviary_exchange.types import Balance
from aviary_messages.events import BalanceChanged
from aviary_trading.balances.board import BalanceBoard, merge

log = logs.get(__name__)

SNAPSHOT_TRIES: Final = 3
TELL_EVERY_S: Final = 0.25
SHOW_EVERY_S: Final = 0.02


class BalanceKeeper:
    """``BalanceChanged`` tells no stored fact, so it goes out directly and not through the outbox."""

    def __init__(
        self, account_name: str, connector_name: str, *, board: BalanceBoard, bus: Bus, clock: Callable[[], datetime]
    ) -> None:
        self._account = account_name
        self._connector = connector_name
        self._board = board
        self._bus = bus
        self._clock = clock
        self._known: dict[str, Balance] = {}
        self._news = 0
        self._moved: set[str] = set()
        self._to_show = asyncio.Event()
        self._to_tell = asyncio.Event()

    def heard(self, balances: Iterable[Balance]) -> None:
        """Take over what the stream reported; it is on the board a moment later, together with what follows at once."""
        self._news += 1
        self._note(merge(self._known, balances))

    async def refresh(self, lease: Lease, exchange: PrivateExchange) -> bool:
        """Take over a snapshot. A venue that does not answer (``False``) leaves what is known, which then grows old."""
        try:
            fresh = await self._snapshot(exchange)
        except ExchangeError as error:
            log.warning("balances not read", connector=self._connector, error=error.detail)
            return False
        known, self._known = self._known, fresh
        self._note(token for token in known.keys() | fresh.keys() if known.get(token) != fresh.get(token))
        await self._show(lease)
        return True

    async def show_forever(self, lease: Lease) -> None:
        """On the board at once, and what comes in quick succession together."""
        while True:
            await self._to_show.wait()
            self._to_show.clear()
            await self._show(lease)
            await asyncio.sleep(SHOW_EVERY_S)

    async def tell_forever(self) -> None:
        while True:
            await self._to_tell.wait()
            await asyncio.sleep(TELL_EVERY_S)
            self._to_tell.clear()
            moved, self._moved = self._moved, set()
            event = BalanceChanged(account_name=self._account, connector_name=self._connector, tokens=sorted(moved))
            try:
                await self._bus.publish(event.subject, event.model_dump(), message_id=uuid.uuid4().hex)
            except Unavailable:
                self._note(moved)

    def _note(self, moved: Iterable[str]) -> None:
        self._moved.update(moved)
        if self._moved:
            self._to_show.set()
            self._to_tell.set()

    async def _snapshot(self, exchange: PrivateExchange) -> dict[str, Balance]:
        """One that no news overtook on its way; in a flood of news the last one has to do."""
        for _ in range(SNAPSHOT_TRIES):
            heard = self._news
            fresh = {balance.token: balance for balance in await exchange.balances()}
            if heard == self._news:
                break
        return fresh

    async def _show(self, lease: Lease) -> None:
        held = [balance for balance in self._known.values() if balance.total]
        await self._board.write(lease, self._account, self._connector, held, self._clock())
