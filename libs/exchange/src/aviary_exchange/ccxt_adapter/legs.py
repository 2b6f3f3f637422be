"""How an order names its position, per venue: one table.

``HEDGED``: ccxt's own ``hedged`` flag, which it turns into the venue's words (Binance, BingX and KuCoin
``positionSide``, Bybit ``positionIdx``, OKX ``posSide``, Bitget ``tradeSide``, MEXC's four sides), taking the leg from
the side and from ``reduceOnly``. ``NAMED``: HTX, where ccxt drops that flag. ``INFERRED``: Gate, whose legs follow
from sign and ``reduce_only``; its ``auto_size`` closes a leg whole and takes no amount.
"""

from collections.abc import Mapping
from enum import Enum, auto

from aviary_exchange.catalogue import Connector
from aviary_exchange.errors import Unsupported
from aviary_exchange.types import NewOrder, PositionAction, PositionMode

REDUCE_ONLY: Mapping[str, object] = {"reduceOnly": True}


class Naming(Enum):
    HEDGED = auto()
    NAMED = auto()
    INFERRED = auto()


NAMINGS: Mapping[str, Naming] = {
    "binanceusdm": Naming.HEDGED,
    "bingx": Naming.HEDGED,
    "bitget": Naming.HEDGED,
    "bybit": Naming.HEDGED,
    "gate": Naming.INFERRED,
    "htx": Naming.NAMED,
    "kucoinfutures": Naming.HEDGED,
    "mexc": Naming.HEDGED,
    "myokx": Naming.HEDGED,
    "okx": Naming.HEDGED,
    "okxus": Naming.HEDGED,
}


def position_params(order: NewOrder, ccxt_id: str) -> Mapping[str, object]:
    closing = REDUCE_ONLY if order.position_action is PositionAction.CLOSE else {}
    if order.position_mode is not PositionMode.HEDGE:
        return closing
    match NAMINGS.get(ccxt_id):
        case Naming.HEDGED:
            return {"hedged": True, **closing}
        case Naming.NAMED:
            return {"position_side": order.position_side.lower()}
        case Naming.INFERRED:
            return closing
        case None:
            raise Unsupported(f"{ccxt_id} has no hedge mode here; it has {PositionMode.ONEWAY}.")


def check_mode(connector: Connector, mode: PositionMode | None) -> None:
    """``Unsupported``, naming the modes that there are."""
    if mode is None or mode in connector.position_modes:
        return
    offered = ", ".join(connector.position_modes)
    raise Unsupported(
        f"{connector.name} has no position mode {mode}; it has {offered}."
        if offered
        else f"{connector.name} has no positions, and so no position modes."
    )
