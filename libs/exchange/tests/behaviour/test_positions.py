"""Leverage, modes, legs, funding and liquidation at a real perpetual venue; a spot connector says that it has none."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from aviary_exchange.errors import ExchangeError, Refused, Unsupported
from aviary_exchange.port import PrivateExchange
from aviary_exchange.types import (
    Accepted,
    BalancesChanged,
    Fill,
    NewOrder,
    OrderReport,
    OrderType,
    Position,
    PositionAction,
    PositionMode,
    PositionsChanged,
    PositionSide,
    Rejected,
    TradeType,
    VenueOrderState,
)

from ..conftest import Sandbox
from .steps import AMOUNT, PAIR, listening, new_order, place_resting, until_state

SYMBOL = "BTCUSDT"


@pytest.fixture
def connector() -> str:
    return "sandbox_perpetual"


@pytest.fixture
async def still(sandbox: Sandbox, exchange: PrivateExchange) -> AsyncIterator[PrivateExchange]:
    """The market and the mark price stand at 60,000 until the test moves them."""
    await sandbox.control("POST", "/freeze", symbol=SYMBOL, side="futures")
    await sandbox.control("POST", "/price", symbol=SYMBOL, side="futures", price="60000")
    await sandbox.control("POST", "/mark", symbol=SYMBOL, price="60000")
    await exchange.balances()
    yield exchange
    await sandbox.control("POST", "/mark", symbol=SYMBOL, price=None)
    await sandbox.control("POST", "/resume")


def leg(side: TradeType, action: PositionAction, amount: Decimal = AMOUNT) -> NewOrder:
    return replace(new_order(None, side=side, amount=amount), position_action=action, position_mode=PositionMode.HEDGE)


async def filled(exchange: PrivateExchange, order: NewOrder) -> None:
    outcome = await exchange.place(order)
    assert isinstance(outcome, Accepted), outcome
    await until_state(exchange, order.client_order_id, VenueOrderState.FILLED)


async def by_side(exchange: PrivateExchange) -> dict[PositionSide, Position]:
    return {position.side: position for position in await exchange.positions()}


async def test_leverage_is_set_and_told(exchange: PrivateExchange) -> None:
    assert await exchange.leverage(PAIR) == 20
    for wanted in (50, 50, 3):
        await exchange.set_leverage(PAIR, wanted)
        assert await exchange.leverage(PAIR) == wanted


@pytest.mark.parametrize("wanted", [0, 126])
async def test_a_leverage_that_does_not_exist_is_refused(exchange: PrivateExchange, wanted: int) -> None:
    with pytest.raises(Refused, match="leverage should be between 1 and 125"):
        await exchange.set_leverage(PAIR, wanted)


async def test_a_leverage_that_does_not_fit_is_refused_in_the_venues_words(still: PrivateExchange) -> None:
    await filled(still, new_order(None, amount=Decimal(2)))
    with pytest.raises(Refused, match=r"^Leverage is smaller than permitted: insufficient margin balance\.$") as raised:
        await still.set_leverage(PAIR, 1)
    assert raised.value.status == 400
    assert await still.leverage(PAIR) == 20


async def test_the_mode_changes_and_already_so_is_success(exchange: PrivateExchange) -> None:
    assert await exchange.position_mode() is PositionMode.ONEWAY
    for mode in (PositionMode.ONEWAY, PositionMode.HEDGE, PositionMode.HEDGE, PositionMode.ONEWAY):
        await exchange.set_position_mode(mode)
        assert await exchange.position_mode() is mode


async def test_a_mode_cannot_change_over_an_open_order(exchange: PrivateExchange) -> None:
    await place_resting(exchange)
    with pytest.raises(Refused, match=r"^Position side cannot be changed if there exists open orders\.$"):
        await exchange.set_position_mode(PositionMode.HEDGE)


async def test_long_and_short_legs_are_opened_and_closed_apart(still: PrivateExchange) -> None:
    await still.set_position_mode(PositionMode.HEDGE)
    await filled(still, leg(TradeType.BUY, PositionAction.OPEN, 3 * AMOUNT))
    await filled(still, leg(TradeType.SELL, PositionAction.OPEN, AMOUNT))
    found = await by_side(still)
    assert {side: position.amount for side, position in found.items()} == {
        PositionSide.LONG: 3 * AMOUNT,
        PositionSide.SHORT: AMOUNT,
    }
    await filled(still, leg(TradeType.SELL, PositionAction.CLOSE, 3 * AMOUNT))
    assert set(await by_side(still)) == {PositionSide.SHORT}
    outcome = await still.place(leg(TradeType.SELL, PositionAction.CLOSE))
    assert isinstance(outcome, Rejected), outcome
    assert outcome.reason == "ReduceOnly Order is rejected."
    await filled(still, leg(TradeType.BUY, PositionAction.CLOSE))
    assert await still.positions() == []


async def test_an_order_of_the_other_mode_is_rejected(exchange: PrivateExchange) -> None:
    outcome = await exchange.place(leg(TradeType.BUY, PositionAction.OPEN))
    assert outcome == Rejected("Order's position side does not match user's setting.")


async def test_closing_one_way_reduces_and_never_turns(still: PrivateExchange) -> None:
    await filled(still, new_order(None, side=TradeType.SELL))
    (position,) = await still.positions()
    assert (position.side, position.amount) == (PositionSide.SHORT, AMOUNT)
    closing = replace(new_order(None, amount=2 * AMOUNT), position_action=PositionAction.CLOSE)
    await still.place(closing)
    await until_state(still, closing.client_order_id, VenueOrderState.CANCELLED)
    assert await still.positions() == []


@pytest.mark.parametrize(("side", "amount"), [(PositionSide.LONG, "-0.6"), (PositionSide.SHORT, "0.6")])
async def test_a_funding_payment_tells_rate_side_and_size(
    still: PrivateExchange, sandbox: Sandbox, side: PositionSide, amount: str
) -> None:
    before = datetime.now(UTC) - timedelta(seconds=5)
    await filled(still, new_order(None, side=TradeType.BUY if side is PositionSide.LONG else TradeType.SELL))
    await sandbox.control("POST", "/funding/rate", symbol=SYMBOL, rate="0.001")
    try:
        await sandbox.control("POST", "/funding", symbol=SYMBOL)
    finally:
        await sandbox.control("POST", "/funding/rate", symbol=SYMBOL, rate="0.0001")
    (paid,) = await still.funding_payments(since=before)
    assert (paid.trading_pair, paid.amount, paid.currency) == (PAIR, Decimal(amount), "USDT")
    assert (paid.rate, paid.position_side, paid.position_size) == (Decimal("0.001"), side, AMOUNT)
    assert await still.funding_payments(since=before, trading_pair=PAIR) == [paid]
    assert await still.funding_payments(since=before, trading_pair="ETH-USDT") == []
    assert await still.funding_payments(since=paid.at + timedelta(seconds=1)) == []


async def test_both_legs_are_paid_for_oldest_first(still: PrivateExchange, sandbox: Sandbox) -> None:
    before = datetime.now(UTC) - timedelta(seconds=5)
    await still.set_position_mode(PositionMode.HEDGE)
    for side in TradeType:
        await filled(still, leg(side, PositionAction.OPEN))
    for _ in range(3):
        await sandbox.control("POST", "/funding", symbol=SYMBOL)
    paid = await still.funding_payments(since=before)
    assert len({payment.payment_id for payment in paid}) == len(paid) == 6
    assert sum(payment.amount for payment in paid) == 0
    assert {payment.position_side for payment in paid} == set(PositionSide)
    assert [payment.at for payment in paid] == sorted(payment.at for payment in paid)


async def test_funding_info(still: PrivateExchange) -> None:
    info = await still.funding_info(PAIR)
    assert (info.mark_price, info.rate) == (Decimal(60000), Decimal("0.0001"))
    assert info.index_price is not None
    assert info.next_funding_at is not None
    assert info.next_funding_at.hour % 8 == info.next_funding_at.minute == 0
    assert timedelta(0) < info.next_funding_at - datetime.now(UTC) <= timedelta(hours=8)


async def test_changed_positions_are_hinted_at(still: PrivateExchange) -> None:
    async with listening(still) as events:
        await still.place(new_order(None))
        assert await events.first(PositionsChanged) == PositionsChanged([PAIR])


async def test_a_liquidation_comes_with_its_fills_and_leaves_nothing(
    still: PrivateExchange, sandbox: Sandbox, api_key: str
) -> None:
    await still.set_leverage(PAIR, 100)
    await filled(still, new_order(None, amount=Decimal("0.3")))
    (usdt,) = await still.balances()
    taken = str(400 - usdt.total)
    await sandbox.control("POST", "/deposit", api_key=api_key, asset="USDT", amount=taken, wallet="futures")
    async with listening(still) as events:
        seen = len(events.seen)
        await sandbox.control("POST", "/mark", symbol=SYMBOL, price="58500")
        report = await events.first(OrderReport, lambda event: event.state is VenueOrderState.FILLED, after=seen)
        assert report.client_order_id.startswith("autoclose-")
        fills = [event for event in events.seen if isinstance(event, Fill)]
        assert sum(fill.amount for fill in fills) == Decimal("0.3")
        await events.first(PositionsChanged, after=seen)
        await events.first(BalancesChanged, after=seen)
    assert await still.positions() == []
    assert [fill.trade_id for fill in await still.fills(PAIR, since=report.at - timedelta(seconds=2))][-1:] == [
        fills[-1].trade_id
    ]
    assert all(balance.total >= 0 for balance in await still.balances())


class TestSpot:
    """Nothing of this exists there, and each call says so."""

    @pytest.fixture
    def connector(self) -> str:
        return "sandbox"

    async def test_there_are_no_modes_and_no_payments(self, exchange: PrivateExchange) -> None:
        assert await exchange.position_mode() is None
        assert await exchange.funding_payments(since=datetime.now(UTC)) == []

    async def test_setting_and_asking_is_refused(self, exchange: PrivateExchange) -> None:
        for call in (
            exchange.set_leverage(PAIR, 5),
            exchange.set_position_mode(PositionMode.ONEWAY),
            exchange.funding_info(PAIR),
        ):
            with pytest.raises(Unsupported) as raised:
                await call
            assert isinstance(raised.value, ExchangeError)
            assert "sandbox" in str(raised.value)


def test_the_leg_follows_from_side_and_action() -> None:
    legs = {
        (side, action): NewOrder("x", PAIR, side, OrderType.MARKET, AMOUNT, position_action=action).position_side
        for side in TradeType
        for action in PositionAction
    }
    assert legs == {
        (TradeType.BUY, PositionAction.OPEN): PositionSide.LONG,
        (TradeType.SELL, PositionAction.CLOSE): PositionSide.LONG,
        (TradeType.SELL, PositionAction.OPEN): PositionSide.SHORT,
        (TradeType.BUY, PositionAction.CLOSE): PositionSide.SHORT,
    }
