"""Leverage and position mode: the venue first, then the memory of it."""

from collections.abc import Mapping

from aviary_common.database import Database
from aviary_common.database.outbox import Outbox
from aviary_common.errors import BadRequest
from aviary_exchange import catalogue
from aviary_exchange.errors import UnknownPair, Unsupported
from aviary_exchange.port import PrivateExchange
from aviary_exchange.types import PositionMode
from aviary_messages.events import LeverageChanged, PositionModeChanged
from aviary_trading.perpetuals import store
from aviary_trading.venues import Venues


class Perpetuals:
    def __init__(self, venues: Venues, database: Database, outbox: Outbox) -> None:
        self._venues = venues
        self._database = database
        self._outbox = outbox

    async def position_mode(self, account_name: str, connector_name: str) -> PositionMode | None:
        """As the venue tells it, or as it was set last where it cannot tell; ``None`` when nobody knows."""
        exchange = await self._exchange(account_name, connector_name)
        told = await exchange.position_mode()
        return told or await self._remembered_mode(account_name, exchange.connector)

    async def mode_for_order(self, account_name: str, exchange: PrivateExchange) -> PositionMode | None:
        """The same without asking the venue for each order: what it told last is remembered too."""
        known = await self._remembered_mode(account_name, exchange.connector)
        return known or await self.refresh_mode(account_name, exchange)

    async def refresh_mode(self, account_name: str, exchange: PrivateExchange) -> PositionMode | None:
        """Remember what the venue tells: the mode may be changed elsewhere. A change through us that overtakes the
        venue's answer stays."""
        before = await self._remembered_mode(account_name, exchange.connector)
        told = await exchange.position_mode()
        if told is None or told is before:
            return told
        async with self._database.transaction() as connection:
            if await store.mode_of(connection, account_name, exchange.connector) is before:
                await store.remember_mode(connection, account_name, exchange.connector, told)
                await self._outbox.add(connection, _changed(account_name, exchange.connector, told))
        return told

    async def set_position_mode(self, account_name: str, connector_name: str, wanted: str) -> PositionMode:
        """Raises ``Unsupported`` naming the connector's modes."""
        exchange = await self._exchange(account_name, connector_name)
        mode = _mode(wanted, exchange.connector)
        await exchange.set_position_mode(mode)
        await self._remember_mode(account_name, exchange.connector, mode)
        return mode

    async def set_leverage(self, account_name: str, connector_name: str, trading_pair: str, leverage: int) -> None:
        exchange = await self._exchange(account_name, connector_name)
        if trading_pair not in await self._venues.public(exchange.connector).rules():
            raise UnknownPair(f"{exchange.connector} does not list {trading_pair}.")
        await exchange.set_leverage(trading_pair, leverage)
        event = LeverageChanged(
            account_name=account_name,
            connector_name=exchange.connector,
            trading_pair=trading_pair,
            leverage=leverage,
        )
        async with self._database.transaction() as connection:
            await store.remember_leverage(connection, account_name, exchange.connector, trading_pair, leverage)
            await self._outbox.add(connection, event)

    async def leverages(self, account_name: str, connector_name: str) -> Mapping[str, int]:
        """As they were set last, by pair."""
        async with self._database.single() as connection:
            return await store.leverages_of(connection, account_name, connector_name)

    async def _exchange(self, account_name: str, connector_name: str) -> PrivateExchange:
        connector = catalogue.find(connector_name)
        if not connector.is_perpetual:
            raise BadRequest(f"{connector.name} is not a perpetual connector.", code="not_perpetual")
        return await self._venues.private(account_name, connector.name)

    async def _remembered_mode(self, account_name: str, connector_name: str) -> PositionMode | None:
        async with self._database.single() as connection:
            return await store.mode_of(connection, account_name, connector_name)

    async def _remember_mode(self, account_name: str, connector_name: str, mode: PositionMode) -> None:
        async with self._database.transaction() as connection:
            await store.remember_mode(connection, account_name, connector_name, mode)
            await self._outbox.add(connection, _changed(account_name, connector_name, mode))


def _changed(account_name: str, connector_name: str, mode: PositionMode) -> PositionModeChanged:
    return PositionModeChanged(account_name=account_name, connector_name=connector_name, position_mode=mode.value)


def _mode(wanted: str, connector_name: str) -> PositionMode:
    """``ONEWAY``, ``one-way`` and ``ONE_WAY`` are the same."""
    supported = catalogue.find(connector_name).position_modes
    plain = wanted.strip().upper().replace("-", "").replace("_", "")
    if plain not in supported:
        names = ", ".join(supported) or "none"
        raise Unsupported(f"{connector_name} has no position mode {wanted!r}; it has {names}.")
    return PositionMode(plain)
