"""Amounts and prices on the venue's steps, never to the user's disadvantage; pure functions on plain values."""

from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal

from aviary_exchange.types import OrderType, TimeInForce, TradeType, TradingRule

_WIDE = Context(prec=60)
"""Enough digits that a product or a quotient of two venue numbers is never rounded by the arithmetic itself."""


def quantise_amount(rule: TradingRule, amount: Decimal) -> Decimal:
    """Down to the amount step: never more than the user asked for."""
    return _on_step(amount, rule.amount_step, ROUND_FLOOR)


def quantise_price(rule: TradingRule, price: Decimal, side: TradeType) -> Decimal:
    """A buy down, a sell up: never worse than the user's limit."""
    return _on_step(price, rule.price_step, ROUND_FLOOR if side is TradeType.BUY else ROUND_CEILING)


def check(
    rule: TradingRule,
    order_type: OrderType,
    amount: Decimal,
    price: Decimal | None,
    reference_price: Decimal | None,
) -> str | None:
    """Why the venue would refuse the quantised order, or ``None``.

    ``reference_price`` values a market order; without one its notional is left for the venue to judge.
    """
    if order_type not in rule.order_types:
        supported = ", ".join(rule.order_types)
        return f"{rule.trading_pair} does not take {order_type} orders; it takes {supported}."
    if amount <= 0 or amount < rule.min_amount:
        smallest = max(rule.min_amount, rule.amount_step)
        return f"Amount {_plain(amount)} {rule.base} is below the minimum of {_plain(smallest)} {rule.base}."
    if rule.max_amount is not None and amount > rule.max_amount:
        return f"Amount {_plain(amount)} {rule.base} is above the maximum of {_plain(rule.max_amount)} {rule.base}."
    if order_type is not OrderType.MARKET:
        if price is None:
            return f"A {order_type} order needs a price."
        if price <= 0:
            return f"Price {_plain(price)} is below the smallest step of {_plain(rule.price_step)} {rule.quote}."
    return _check_notional(rule, amount, price if order_type is not OrderType.MARKET else reference_price)


def check_time_in_force(rule: TradingRule, order_type: OrderType, time_in_force: TimeInForce | None) -> str | None:
    """Why the venue would refuse it, or ``None``. A market order is done at once, whatever is asked for: that is let
    pass, except that it be filled whole or not at all."""
    if time_in_force is None or time_in_force is TimeInForce.GTC:
        return None
    if order_type is OrderType.MARKET:
        return None if time_in_force is TimeInForce.IOC else "A MARKET order takes no FOK; it takes IOC."
    if order_type is OrderType.LIMIT_MAKER:
        return f"A LIMIT_MAKER order takes no {time_in_force}; it takes GTC."
    if time_in_force not in rule.time_in_forces:
        supported = ", ".join(rule.time_in_forces)
        return f"{rule.trading_pair} takes no {time_in_force} orders; it takes {supported}."
    return None


def _check_notional(rule: TradingRule, amount: Decimal, price: Decimal | None) -> str | None:
    if price is None:
        return None
    notional = _WIDE.multiply(amount, price)
    if notional >= rule.min_notional:
        return None
    return (
        f"Order value {_plain(notional)} {rule.quote} ({_plain(amount)} {rule.base} at {_plain(price)}) "
        f"is below the minimum of {_plain(rule.min_notional)} {rule.quote}."
    )


def _on_step(value: Decimal, step: Decimal, rounding: str) -> Decimal:
    if step <= 0:
        return value
    steps = _WIDE.divide(value, step).to_integral_value(rounding=rounding, context=_WIDE)
    return _WIDE.multiply(steps, step)


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
