import traceback
from collections.abc import Awaitable, Callable
from decimal import Decimal

import pytest
from structlog.testing import capture_logs

from aviary_exchange import open_private
from aviary_exchange.errors import CredentialsRefused, ExchangeError, InvalidCredentials
from aviary_exchange.port import PrivateExchange
from aviary_exchange.settings import ExchangeSettings
from aviary_exchange.types import PositionSide, VenueOrderState

from .steps import AMOUNT, PAIR, new_order, place_resting, until_state


async def test_good_credentials_pass_the_check(exchange: PrivateExchange) -> None:
    await exchange.check()


async def test_bad_credentials_are_refused_in_the_venues_words(
    connector: str, settings: ExchangeSettings, api_key: str
) -> None:
    exchange = open_private(connector, {"api_key": api_key, "api_secret": "not-the-secret"}, settings)
    try:
        with pytest.raises(CredentialsRefused, match=r"Signature for this request is not valid\."):
            await exchange.check()
    finally:
        await exchange.close()


async def test_missing_credentials_are_found_without_asking(connector: str, settings: ExchangeSettings) -> None:
    with pytest.raises(InvalidCredentials) as raised:
        open_private(connector, {"api_key": "k"}, settings)
    assert raised.value.fields == (f"{connector}_api_secret",)


@pytest.mark.parametrize("fault", [{"kind": "status_before", "status": 500}, {"kind": "drop_before", "count": 5}])
async def test_no_secret_in_any_error_or_log(
    exchange: PrivateExchange, api_key: str, break_calls: Callable[..., Awaitable[None]], fault: dict[str, object]
) -> None:
    await exchange.rules()
    await break_calls(**fault)
    with capture_logs() as logs, pytest.raises(ExchangeError) as raised:
        await exchange.balances()
    shown = "".join(traceback.format_exception(raised.value)) + repr(raised.value) + repr(logs) + repr(exchange)
    for secret in (api_key, f"{api_key}-secret", "signature", "timestamp="):
        assert secret not in shown


async def test_balances_follow_an_execution_exactly(exchange: PrivateExchange, connector: str) -> None:
    before = {balance.token: balance for balance in await exchange.balances()}
    order = new_order(None)
    await exchange.place(order)
    report = await until_state(exchange, order.client_order_id, VenueOrderState.FILLED)
    fills = await exchange.fills(PAIR, since=report.at.replace(microsecond=0), order_id=report.exchange_order_id)
    after = {balance.token: balance for balance in await exchange.balances()}
    fees: dict[str, Decimal] = {}
    for fill in fills:
        fees[fill.fee_currency] = fees.get(fill.fee_currency, Decimal(0)) + fill.fee
    if connector == "sandbox_perpetual":
        assert after["USDT"].total == before["USDT"].total - fees["USDT"]
        assert after["USDT"].available < after["USDT"].total
    else:
        assert report.filled_quote is not None
        assert after["BTC"].total == before["BTC"].total + AMOUNT - fees.get("BTC", Decimal(0))
        assert after["USDT"].total == before["USDT"].total - report.filled_quote - fees.get("USDT", Decimal(0))


async def test_an_open_order_locks_what_it_needs(exchange: PrivateExchange) -> None:
    await place_resting(exchange)
    usdt = next(balance for balance in await exchange.balances() if balance.token == "USDT")
    assert usdt.available < usdt.total


async def test_positions_and_leverage(exchange: PrivateExchange, connector: str) -> None:
    assert await exchange.positions() == []
    order = new_order(None)
    await exchange.place(order)
    await until_state(exchange, order.client_order_id, VenueOrderState.FILLED)
    if connector == "sandbox":
        assert await exchange.positions() == []
        assert await exchange.leverage(PAIR) is None
        return
    (position,) = await exchange.positions()
    assert (position.trading_pair, position.side, position.amount) == (PAIR, PositionSide.LONG, AMOUNT)
    assert position.entry_price > 0
    assert position.mark_price is not None
    leverage = await exchange.leverage(PAIR)
    assert leverage is not None
    assert position.leverage == leverage >= 1
