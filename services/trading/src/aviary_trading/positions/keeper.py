"""Tells each change of a session's positions."""

import uuid
from decimal import Decimal
from typing import Final

from aviary_common import logs
from aviary_common.bus import Bus
from aviary_common.errors import Unavailable
from aviary_common.timestamps import utc_now
from aviary_exchange.errors import ExchangeError
from aviary_exchange.port import PrivateExchange
from aviary_exchange.types import Position, PositionSide
from aviary_messages.events import PositionChanged

log = logs.get(__name__)

ZERO: Final = Decimal(0)

Leg = tuple[str, PositionSide]


class PositionKeeper:
    """The venue is the record of positions: ``PositionChanged`` tells no fact of ours and goes out directly."""

    def __init__(self, account_name: str, connector_name: str, bus: Bus) -> None:
        self._account = account_name
        self._connector = connector_name
        self._bus = bus
        self._known: dict[Leg, Position] | None = None

    async def refresh(self, exchange: PrivateExchange) -> None:
        """A venue that does not answer is asked again at the next turn."""
        try:
            fresh = {(item.trading_pair, item.side): item for item in await exchange.positions()}
        except ExchangeError as error:
            log.warning("positions not read", connector=self._connector, error=error.detail)
            return
        known, self._known = self._known, fresh
        if known is None:
            return
        for leg in sorted(known.keys() | fresh.keys()):
            before, after = known.get(leg), fresh.get(leg)
            if _size(before) != _size(after):
                await self._tell(leg, after)

    async def _tell(self, leg: Leg, position: Position | None) -> None:
        event = PositionChanged(
            account_name=self._account,
            connector_name=self._connector,
            trading_pair=leg[0],
            side=leg[1].value,
            amount=ZERO if position is None else position.amount,
            entry_price=None if position is None else position.entry_price,
            at=utc_now(),
        )
        try:
            await self._bus.publish(event.subject, event.model_dump(mode="json"), message_id=uuid.uuid4().hex)
        except Unavailable as error:
            log.warning("change of position not told", trading_pair=leg[0], error=error.detail)


def _size(position: Position | None) -> tuple[Decimal, Decimal]:
    return (ZERO, ZERO) if position is None else (position.amount, position.entry_price)
