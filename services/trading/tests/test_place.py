import asyncio
from decimal import Decimal

import pytest

from aviary_testing.waiting import eventually

from .trader import Trader


async def test_a_limit_order_rests_at_the_venue(trader: Trader) -> None:
    placed = await trader.place(amount="0.0010009", price="30000.019")
    assert placed.status_code == 201
    answer = placed.json()
    assert answer["status"] == "submitted"
    assert (answer["amount"], answer["price"]) == ("0.0010009", "30000.019")
    assert (answer["submitted_amount"], answer["submitted_price"]) == ("0.001", "30000.01")
    (at_venue,) = (await trader.books())["spot"]["orders"]
    assert at_venue["clientOrderId"] == answer["client_order_id"] == answer["order_id"]
    assert str(at_venue["orderId"]) == answer["exchange_order_id"]
    assert Decimal(str(at_venue["price"])) == Decimal("30000.01")


async def test_a_sell_is_never_rounded_below_its_price(trader: Trader) -> None:
    placed = await trader.place(trade_type="SELL", price="75000.011")
    assert placed.json()["submitted_price"] == "75000.02"


async def test_a_market_order_fills_and_agrees_with_the_venue_to_the_last_digit(trader: Trader) -> None:
    placed = await trader.place(order_type="MARKET", price=None, amount="0.01")
    assert placed.status_code == 201
    order_id = placed.json()["order_id"]
    await eventually(lambda: _is(trader, order_id, "FILLED"))
    books = (await trader.books())["spot"]
    ours = {str(trade["trade_id"]).rpartition("_")[2]: trade for trade in await trader.trades()}
    assert set(ours) == {str(trade["id"]) for trade in books["trades"]}
    for theirs in books["trades"]:
        mine = ours[str(theirs["id"])]
        for name, other in (("amount", "qty"), ("price", "price"), ("fee_paid", "commission")):
            assert Decimal(str(mine[name])) == Decimal(str(theirs[other]))
        assert mine["fee_currency"] == theirs["commissionAsset"]
    order = await trader.order(order_id)
    assert Decimal(str(order["filled_amount"])) == Decimal("0.01")


@pytest.mark.parametrize("trade_type", ["buy", "Buy", "BUY"])
async def test_enums_are_taken_in_any_case(trader: Trader, trade_type: str) -> None:
    assert (await trader.place(trade_type=trade_type, order_type="limit_maker")).status_code == 201


async def test_the_callers_client_order_id_goes_to_the_venue(trader: Trader) -> None:
    assert (await trader.place(client_order_id="my-order-1")).json()["order_id"] == "my-order-1"
    (at_venue,) = (await trader.books())["spot"]["orders"]
    assert at_venue["clientOrderId"] == "my-order-1"


async def test_repeating_a_client_order_id_returns_the_same_order(trader: Trader) -> None:
    first = await trader.place(client_order_id="once", amount="0.001", price="30000")
    again = await trader.place(client_order_id="once", amount="0.0010", price="30000.00")
    assert again.status_code == 201
    assert again.json() == first.json()
    assert len((await trader.books())["spot"]["orders"]) == 1


async def test_many_at_once_with_one_id_are_one_order(trader: Trader) -> None:
    answers = await asyncio.gather(*(trader.place(client_order_id="race") for _ in range(20)))
    assert {answer.status_code for answer in answers} <= {201, 202}
    assert len((await trader.books())["spot"]["orders"]) == 1


async def test_the_same_id_for_another_order_is_a_conflict(trader: Trader) -> None:
    await trader.place(client_order_id="taken")
    other = await trader.place(client_order_id="taken", amount="0.002")
    assert other.status_code == 409
    assert other.json()["code"] == "client_order_id_taken"


async def test_accounts_do_not_share_client_order_ids(trader: Trader, other_trader: Trader) -> None:
    assert (await trader.place(client_order_id="mine")).status_code == 201
    assert (await other_trader.place(client_order_id="mine")).status_code == 201


@pytest.mark.parametrize(
    ("order", "words"),
    [
        ({"amount": "0.0000001"}, "Amount 0.0000001 BTC is below the minimum of 0.00001 BTC"),
        ({"amount": "0.0001", "price": "100"}, "5 USDT"),
        ({"amount": "10000"}, "9000"),
        ({"order_type": "MARKET", "price": None, "amount": "0.00002"}, "5 USDT"),
    ],
)
async def test_what_the_venue_would_refuse_is_refused_without_asking_it(
    trader: Trader, order: dict[str, object], words: str
) -> None:
    refused = await trader.place(**order)
    assert refused.status_code == 400
    assert refused.json()["code"] == "order_refused"
    assert words in refused.json()["detail"]
    assert (await trader.books())["spot"]["orders"] == []


async def test_the_venues_own_refusal_is_passed_on_and_kept(trader: Trader) -> None:
    refused = await trader.place(amount="100", price="30000", client_order_id="too-rich")
    assert refused.status_code == 400
    assert refused.json()["code"] == "order_rejected"
    assert "insufficient balance" in refused.json()["detail"]
    stored = await trader.order("too-rich")
    assert stored["status"] == "FAILED"
    assert stored["error_message"] == refused.json()["detail"]
    again = await trader.place(amount="100", price="30000", client_order_id="too-rich")
    assert (again.status_code, again.json()["detail"]) == (400, refused.json()["detail"])


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"amount": "nan"}, "amount"),
        ({"amount": 0}, "amount"),
        ({"amount": "-1"}, "amount"),
        ({"amount": "1e-30"}, "amount"),
        ({"amount": None}, "amount"),
        ({"price": "inf"}, "price"),
        ({"price": None}, "price"),
        ({"trade_type": "HOLD"}, "trade_type"),
        ({"order_type": "STOP"}, "order_type"),
        ({"trading_pair": "BTCUSDT"}, "trading_pair"),
        ({"client_order_id": "has space"}, "client_order_id"),
        ({"account_name": "../master"}, "account_name"),
    ],
)
async def test_a_wrong_field_is_named(trader: Trader, wrong: dict[str, object], field: str) -> None:
    answer = await trader.place(**wrong)
    assert answer.status_code == 422
    assert field in str(answer.json()["detail"])


@pytest.mark.parametrize(
    ("wrong", "code", "words"),
    [
        ({"account_name": "nobody"}, "unknown_account", "nobody"),
        ({"connector_name": "sandbx"}, "unknown_connector", "sandbox"),
        ({"connector_name": "sandbox_perpetual"}, "no_credential", "sandbox_perpetual"),
        ({"trading_pair": "BTC-EUR"}, "unknown_pair", "BTC-EUR"),
    ],
)
async def test_what_does_not_exist_is_404(trader: Trader, wrong: dict[str, object], code: str, words: str) -> None:
    answer = await trader.place(**wrong)
    assert (answer.status_code, answer.json()["code"]) == (404, code)
    assert words in answer.json()["detail"]


async def _is(trader: Trader, client_order_id: str, status: str) -> bool:
    return await trader.status(client_order_id) == status
