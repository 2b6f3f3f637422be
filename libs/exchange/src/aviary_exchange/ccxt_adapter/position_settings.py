"""Leverage and position mode of an account. That something is so already is success, though most venues refuse it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from aviary_common.rates.budget import Priority
from aviary_exchange.ccxt_adapter import gate
from aviary_exchange.ccxt_adapter.failures import Failure, Kind
from aviary_exchange.ccxt_adapter.legs import check_mode
from aviary_exchange.ccxt_adapter.markets import MarketTable
from aviary_exchange.ccxt_adapter.session import Session
from aviary_exchange.errors import Refused, Unsupported
from aviary_exchange.types import PositionMode

ALREADY_SO = ("no need to change", "not modified", "no_change", "no change")
"""Binance's words, Bybit's and Gate's."""

REFUSALS = frozenset({Kind.REQUEST, Kind.ORDER, Kind.FUNDS, Kind.DUPLICATE, Kind.NOT_FOUND})

LEVERAGE_PARAMS: Mapping[str, Sequence[Mapping[str, object]]] = {
    "mexc": ({"openType": 2, "positionType": 1}, {"openType": 2, "positionType": 2}),
}
"""One call each: MEXC sets long and short apart. Others take the symbol alone, and cross margin as ccxt's default."""


async def set_leverage(session: Session, trading_pair: str, leverage: int) -> None:
    exchange = session.exchange
    if not session.connector.is_perpetual or not exchange.has.get("setLeverage"):
        raise Unsupported(f"{session.connector.name} has no leverage to set.")

    async def send(table: MarketTable) -> None:
        listing = table.pairs.listing(trading_pair)
        if exchange.id == "gate":
            await gate.set_leverage(exchange, listing, leverage)
            return
        for params in await _leverage_params(exchange):
            await exchange.set_leverage(leverage, listing.symbol, dict(params))

    await _set(session, send)


async def position_mode(session: Session) -> PositionMode | None:
    if not session.connector.is_perpetual:
        return None
    if session.exchange.id != "gate" and not session.exchange.has.get("fetchPositionMode"):
        return None if PositionMode.HEDGE in session.connector.position_modes else PositionMode.ONEWAY

    async def read(_: MarketTable) -> PositionMode:
        if session.exchange.id == "gate":
            hedged = await gate.is_hedged(session.exchange)
        else:
            hedged = (await session.exchange.fetch_position_mode())["hedged"]
        return PositionMode.HEDGE if hedged else PositionMode.ONEWAY

    return await session.ask(read, Priority.ACCOUNT)


async def set_position_mode(session: Session, mode: PositionMode) -> None:
    exchange = session.exchange
    check_mode(session.connector, mode)
    if not exchange.has.get("setPositionMode"):
        return  # the one mode that check_mode lets through is the only one there is

    async def send(_: MarketTable) -> None:
        await exchange.set_position_mode(mode is PositionMode.HEDGE)

    await _set(session, send)


async def _leverage_params(exchange: Any) -> Sequence[Mapping[str, object]]:
    if exchange.id != "bingx":
        return LEVERAGE_PARAMS.get(exchange.id, ({},))
    hedged = (await exchange.fetch_position_mode())["hedged"]
    return tuple({"side": side} for side in (("LONG", "SHORT") if hedged else ("BOTH",)))


async def _set(session: Session, send: Callable[[MarketTable], Awaitable[None]]) -> None:
    failure = await session.attempt(send, Priority.ACCOUNT)
    if not isinstance(failure, Failure) or any(words in failure.message.lower() for words in ALREADY_SO):
        return
    raise Refused(failure.message) if failure.kind in REFUSALS else failure.to_error()
