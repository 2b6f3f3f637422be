"""Positions now, from every venue that a list wants, at most a second old."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from aviary_common import logs
from aviary_common.bus import Bus
from aviary_common.errors import AviaryError, Unavailable
from aviary_exchange import catalogue
from aviary_exchange.types import Position
from aviary_messages.questions import ListCredentials
from aviary_trading.perpetuals.service import Perpetuals
from aviary_trading.positions.schemas import PositionFilter, PositionOut
from aviary_trading.venues import Key, Venues

log = logs.get(__name__)

MAX_AGE_S: Final = 1.0


@dataclass(frozen=True)
class Found:
    """``problems`` says which accounts could not be read, and why."""

    positions: Sequence[PositionOut]
    problems: Sequence[str]


class Positions:
    def __init__(self, venues: Venues, perpetuals: Perpetuals, bus: Bus) -> None:
        self._venues = venues
        self._perpetuals = perpetuals
        self._bus = bus
        self._reading: dict[Key, tuple[float, asyncio.Task[Sequence[PositionOut]]]] = {}

    async def find(self, wanted: PositionFilter) -> Found:
        """Raises ``Unavailable`` when none of the wanted accounts can be read."""
        keys = await self._keys(wanted)
        answers = await asyncio.gather(*(self._read_once(key) for key in keys), return_exceptions=True)
        problems: list[str] = []
        positions: list[PositionOut] = []
        for key, answer in zip(keys, answers, strict=True):
            if isinstance(answer, AviaryError):
                problems.append(f"{key[0]} at {key[1]}: {answer.detail}")
            elif isinstance(answer, BaseException):
                raise answer
            else:
                positions.extend(answer)
        if problems and len(problems) == len(keys):
            raise Unavailable("venue", f"Positions cannot be read: {'; '.join(problems)}", code="venue_unavailable")
        pairs = wanted.trading_pairs
        return Found([item for item in positions if pairs is None or item.trading_pair in pairs], problems)

    async def _keys(self, wanted: PositionFilter) -> list[Key]:
        listed = (await self._bus.ask(ListCredentials())).keys
        connectors = wanted.connector_names and {name.lower() for name in wanted.connector_names}
        return [
            (key.account_name, key.connector_name)
            for key in listed
            if catalogue.find(key.connector_name).is_perpetual
            and (wanted.account_names is None or key.account_name in wanted.account_names)
            and (connectors is None or key.connector_name in connectors)
        ]

    async def _read_once(self, key: Key) -> Sequence[PositionOut]:
        """Everybody who asks within a second shares one call to the venue."""
        now = asyncio.get_running_loop().time()
        begun, task = self._reading.get(key, (0.0, None))
        if task is None or now - begun > MAX_AGE_S or (task.done() and (task.cancelled() or task.exception())):
            task = asyncio.create_task(self._read(key))
            self._reading[key] = (now, task)
        return await asyncio.shield(task)

    async def _read(self, key: Key) -> Sequence[PositionOut]:
        exchange = await self._venues.private(*key)
        positions = await exchange.positions()
        leverages: Mapping[str, int] = {}
        if any(position.leverage is None for position in positions):
            leverages = await self._perpetuals.leverages(*key)
        return [_shown(key, position, leverages.get(position.trading_pair)) for position in positions]


def _shown(key: Key, position: Position, leverage_set: int | None) -> PositionOut:
    return PositionOut(
        account_name=key[0],
        connector_name=key[1],
        trading_pair=position.trading_pair,
        side=position.side,
        position_side=position.side,
        amount=position.amount,
        entry_price=position.entry_price,
        mark_price=position.mark_price,
        unrealized_pnl=position.unrealized_pnl,
        leverage=position.leverage if position.leverage is not None else leverage_set,
    )
