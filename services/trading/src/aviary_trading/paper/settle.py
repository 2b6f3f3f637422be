"""What a fill does to an order, and both to the balances."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Final

from aviary_exchange.catalogue import FeeRates
from aviary_exchange.types import OrderType
from aviary_trading.paper.money import fee_of, locked_for, value_of
from aviary_trading.paper.records import ZERO, Holding, PaperFill, PaperOrder, PaperState

MODEL: Final = "q1"
"""The version of the matching rules, which every fill and its trade id carry."""


@dataclass(frozen=True, slots=True)
class Change:
    """An order before and after a look at its market, with the fills in between."""

    before: PaperOrder
    after: PaperOrder
    fills: tuple[PaperFill, ...] = ()


def filled(
    order: PaperOrder, amount: Decimal, price: Decimal, *, is_maker: bool, rates: FeeRates, now: datetime
) -> tuple[PaperOrder, PaperFill]:
    """The fee is charged in what was received."""
    value = value_of(amount, price)
    base, _, quote = order.trading_pair.partition("-")
    fill = PaperFill(
        order_id=order.id,
        trade_id=f"{MODEL}-{order.id}-{order.fills + 1}",
        amount=amount,
        price=price,
        fee=fee_of(amount if order.is_buy else value, rates.maker if is_maker else rates.taker),
        fee_currency=base if order.is_buy else quote,
        is_maker=is_maker,
        at=now,
    )
    left = order.remaining - amount
    after = replace(
        order,
        filled_amount=order.filled_amount + amount,
        filled_quote=order.filled_quote + value,
        fills=order.fills + 1,
        reserved=_reserved_after(order, left, value),
        state=order.state if left else PaperState.FILLED,
        updated_at=now,
    )
    return after, fill


def cancelled(order: PaperOrder, now: datetime, reason: str | None = None) -> PaperOrder:
    return replace(order, state=PaperState.CANCELLED, reserved=ZERO, reason=reason, updated_at=now)


def settle(holdings: Mapping[str, Holding], changes: Iterable[Change]) -> dict[str, Holding]:
    """The balances afterwards, of the tokens that were given and those that were received."""
    after = dict(holdings)

    def move(token: str, total: Decimal, reserved: Decimal = ZERO) -> None:
        held = after.get(token, Holding(ZERO))
        after[token] = Holding(held.total + total, held.reserved + reserved)

    for change in changes:
        base, _, quote = change.before.trading_pair.partition("-")
        move(quote if change.before.is_buy else base, ZERO, change.after.reserved - change.before.reserved)
        for fill in change.fills:
            value = value_of(fill.amount, fill.price)
            sign = 1 if change.before.is_buy else -1
            move(base, sign * fill.amount)
            move(quote, -sign * value)
            move(fill.fee_currency, -fill.fee)
    return after


def _reserved_after(order: PaperOrder, left: Decimal, value: Decimal) -> Decimal:
    if not left:
        return ZERO
    if not order.is_buy:
        return left
    if order.order_type is OrderType.MARKET or order.price is None:
        return order.reserved - value
    return locked_for(left, order.price)
