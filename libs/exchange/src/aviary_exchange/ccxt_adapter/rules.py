"""ccxt's market structure as trading rules."""

from decimal import Decimal

from aviary_exchange.catalogue import Connector
from aviary_exchange.ccxt_adapter.raw import ZERO, Raw, to_decimal
from aviary_exchange.ccxt_adapter.symbols import Listing
from aviary_exchange.types import OrderType, TimeInForce, TradingRule

DECIMAL_PLACES = 2
"""ccxt's constant: the precision is a number of digits instead of a step."""

FINEST_STEP = Decimal("1e-8")
"""Where a venue states no step."""


def is_tradable(market: Raw, connector: Connector) -> bool:
    """Active, and of the connector's kind; inverse contracts are not Hummingbot's."""
    if market.get("active") is False:
        return False
    if connector.is_perpetual:
        return bool(market.get("swap")) and market.get("linear") is not False
    return bool(market.get("spot"))


def trading_rule(
    market: Raw, listing: Listing, connector: Connector, precision_mode: int, features: Raw | None = None
) -> TradingRule:
    """``features`` is what ccxt knows of placing orders there."""
    limits: Raw = market.get("limits") or {}
    precision: Raw = market.get("precision") or {}
    amount_limits: Raw = limits.get("amount") or {}
    min_amount = to_decimal(amount_limits.get("min")) or ZERO
    max_amount = to_decimal(amount_limits.get("max"))
    amount_step = listing.to_base(_step(precision.get("amount"), precision_mode))
    return TradingRule(
        trading_pair=listing.trading_pair,
        price_step=_step(precision.get("price"), precision_mode),
        amount_step=amount_step,
        min_amount=max(listing.to_base(min_amount), amount_step),
        max_amount=None if not max_amount else listing.to_base(max_amount),
        min_notional=to_decimal((limits.get("cost") or {}).get("min")) or ZERO,
        base=listing.base,
        quote=listing.quote,
        collateral=listing.settle if connector.is_perpetual else listing.quote,
        order_types=_order_types(market, connector),
        time_in_forces=_time_in_forces(market, features),
    )


def _order_types(market: Raw, connector: Connector) -> tuple[OrderType, ...]:
    """The catalogue's, less what the venue says that this market does not take (only Binance's family says)."""
    offered = [OrderType(name) for name in connector.order_types if name in OrderType.__members__]
    info = market.get("info")
    stated = info.get("orderTypes") if isinstance(info, dict) else None
    if not isinstance(stated, list):
        return tuple(offered)
    stated = {*stated, *(["LIMIT_MAKER"] if connector.is_perpetual and "LIMIT" in stated else [])}
    return tuple(order_type for order_type in offered if order_type.value in stated)


def _time_in_forces(market: Raw, features: Raw | None) -> tuple[TimeInForce, ...]:
    """Those that ccxt vouches for, less what the venue says that this market does not take; resting works anywhere."""
    known: Raw = (features or {}).get("timeInForce") or {}
    info = market.get("info")
    stated = info.get("timeInForce") if isinstance(info, dict) else None
    return tuple(
        each
        for each in TimeInForce
        if each is TimeInForce.GTC
        or (known.get(each.value) is True and (not isinstance(stated, list) or each.value in stated))
    )


def _step(precision: object, precision_mode: int) -> Decimal:
    value = to_decimal(precision)
    if value is None:
        return FINEST_STEP
    return Decimal(1).scaleb(-int(value)) if precision_mode == DECIMAL_PLACES else value
