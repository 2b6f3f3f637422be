from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aviary_exchange.quantise import check, check_time_in_force, quantise_amount, quantise_price
from aviary_exchange.types import OrderType, TimeInForce, TradeType, TradingRule

RULE = TradingRule(
    trading_pair="BTC-USDT",
    price_step=Decimal("0.01"),
    amount_step=Decimal("0.00001"),
    min_amount=Decimal("0.0001"),
    max_amount=Decimal(9000),
    min_notional=Decimal(5),
    base="BTC",
    quote="USDT",
    collateral="USDT",
    order_types=(OrderType.LIMIT, OrderType.MARKET),
)
values = st.decimals(min_value=Decimal("1e-12"), max_value=Decimal("1e12"), places=12)
steps = st.sampled_from([Decimal(text) for text in ("0.00000001", "0.01", "0.5", "0.25", "1", "5", "0.00003", "100")])


def rule(price_step: Decimal, amount_step: Decimal) -> TradingRule:
    return TradingRule("A-B", price_step, amount_step, amount_step, None, Decimal(0), "A", "B", "B", (OrderType.LIMIT,))


@given(values, steps)
def test_amount_is_the_largest_multiple_of_the_step_within_the_request(amount: Decimal, step: Decimal) -> None:
    quantised = quantise_amount(rule(step, step), amount)
    assert quantised % step == 0
    assert quantised <= amount < quantised + step


@given(values, steps, st.sampled_from(TradeType))
def test_price_is_never_worse_than_the_limit_and_less_than_a_step_away(
    price: Decimal, step: Decimal, side: TradeType
) -> None:
    quantised = quantise_price(rule(step, step), price, side)
    gain = price - quantised if side is TradeType.BUY else quantised - price
    assert quantised % step == 0
    assert 0 <= gain < step


@given(values, steps, st.sampled_from(TradeType))
def test_quantising_twice_changes_nothing(value: Decimal, step: Decimal, side: TradeType) -> None:
    once = quantise_price(rule(step, step), value, side)
    assert quantise_price(rule(step, step), once, side) == once
    assert quantise_amount(rule(step, step), once) == once


@given(values, values, values)
def test_what_check_passes_keeps_every_bound(amount: Decimal, price: Decimal, reference: Decimal) -> None:
    if check(RULE, OrderType.LIMIT, amount, price, reference) is None:
        assert RULE.min_amount <= amount <= Decimal(9000)
        assert amount * price >= RULE.min_notional


def test_a_buy_above_the_tick_goes_down_and_a_sell_up() -> None:
    assert quantise_price(RULE, Decimal("50000.019"), TradeType.BUY) == Decimal("50000.01")
    assert quantise_price(RULE, Decimal("50000.011"), TradeType.SELL) == Decimal("50000.02")


@pytest.mark.parametrize(
    ("order_type", "amount", "price", "reference", "reason"),
    [
        ("LIMIT", "0.00005", "50000", None, "Amount 0.00005 BTC is below the minimum of 0.0001 BTC."),
        ("LIMIT", "0", "50000", None, "Amount 0 BTC is below the minimum of 0.0001 BTC."),
        ("LIMIT", "9000.1", "50000", None, "Amount 9000.1 BTC is above the maximum of 9000 BTC."),
        (
            "LIMIT",
            "0.0001",
            "40000",
            None,
            "Order value 4 USDT (0.0001 BTC at 40000) is below the minimum of 5 USDT.",
        ),
        (
            "MARKET",
            "0.0001",
            None,
            "40000",
            "Order value 4 USDT (0.0001 BTC at 40000) is below the minimum of 5 USDT.",
        ),
        ("LIMIT", "1", None, None, "A LIMIT order needs a price."),
        ("LIMIT", "1", "0", None, "Price 0 is below the smallest step of 0.01 USDT."),
        ("LIMIT_MAKER", "1", "40000", None, "BTC-USDT does not take LIMIT_MAKER orders; it takes LIMIT, MARKET."),
    ],
)
def test_the_reason_names_the_bound(
    order_type: str, amount: str, price: str | None, reference: str | None, reason: str
) -> None:
    said = check(
        RULE,
        OrderType(order_type),
        Decimal(amount),
        None if price is None else Decimal(price),
        None if reference is None else Decimal(reference),
    )
    assert said == reason


def test_a_market_order_without_a_reference_price_is_left_to_the_venue() -> None:
    assert check(RULE, OrderType.MARKET, Decimal("0.0001"), None, None) is None


@pytest.mark.parametrize(
    ("order_type", "time_in_force", "reason"),
    [
        (OrderType.LIMIT, None, None),
        (OrderType.LIMIT, TimeInForce.GTC, None),
        (OrderType.LIMIT, TimeInForce.IOC, None),
        (OrderType.LIMIT, TimeInForce.FOK, f"{RULE.trading_pair} takes no FOK orders; it takes GTC, IOC."),
        (OrderType.LIMIT_MAKER, TimeInForce.IOC, "A LIMIT_MAKER order takes no IOC; it takes GTC."),
        (OrderType.MARKET, TimeInForce.GTC, None),
        (OrderType.MARKET, TimeInForce.FOK, "A MARKET order takes no FOK; it takes IOC."),
    ],
)
def test_a_time_in_force_is_refused_with_those_that_there_are(
    order_type: OrderType, time_in_force: TimeInForce | None, reason: str | None
) -> None:
    rule = replace(RULE, time_in_forces=(TimeInForce.GTC, TimeInForce.IOC))
    assert check_time_in_force(rule, order_type, time_in_force) == reason
