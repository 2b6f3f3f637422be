"""What a newcomer does with the README in hand, compared with the venue's own books to the last digit."""

from decimal import Decimal

import httpx
import pytest

from aviary_testing.waiting import eventually
from tests.e2e.trader import CONNECTOR, PAIR, SYMBOL, Trader, exact

pytestmark = pytest.mark.e2e

MASTER = "master_account"


@pytest.fixture
def newcomer(client: httpx.AsyncClient, venue: httpx.AsyncClient) -> Trader:
    return Trader(client, venue, MASTER, "demo")


async def test_the_first_order_fills_and_everything_agrees_with_the_venue(newcomer: Trader) -> None:
    assert (await newcomer.add_credential()).status_code == 201
    assert (await newcomer.client.get(f"/accounts/{MASTER}/credentials")).json() == [CONNECTOR]

    prices = {"connector_name": CONNECTOR, "trading_pairs": [PAIR]}
    last = exact(await newcomer.client.post("/market-data/prices", json=prices))["prices"][PAIR]
    assert last > 0

    bought = await newcomer.place(order_type="MARKET", price=None, amount="0.01234")
    assert bought.status_code == 201, bought.text
    order_id = bought.json()["client_order_id"]
    await eventually(lambda: newcomer.is_filled(order_id))

    far = str((last * Decimal("0.8")).quantize(Decimal(1)))
    resting = await newcomer.place(client_order_id="the-limit-one", price=far, amount="0.01")
    assert resting.status_code == 201, resting.text
    assert await newcomer.status("the-limit-one") == "OPEN"
    await eventually(lambda: _holdings_agree(newcomer))
    assert (await newcomer.holdings())["USDT"]["available_units"] < (await newcomer.holdings())["USDT"]["units"]

    cancelled = await newcomer.cancel("the-limit-one")
    assert cancelled.status_code == 200, cancelled.text
    assert await newcomer.status("the-limit-one") == "CANCELLED"
    await eventually(lambda: _holdings_agree(newcomer))

    assert await newcomer.disagreements() == []
    await _order_agrees(newcomer, order_id)
    await _trades_agree(newcomer)
    assert await _holdings_agree(newcomer, refresh=True)


async def test_the_value_of_a_holding_is_its_units_at_the_venues_price(trader: Trader) -> None:
    await trader.venue.post("/sandbox/freeze", json={"symbol": SYMBOL})
    try:
        ticker = (await trader.venue.get("/api/v3/ticker/price", params={"symbol": SYMBOL})).json()

        async def price_is_the_venues() -> bool:
            return bool((await trader.holdings())["BTC"]["price"] == Decimal(ticker["price"]))

        await eventually(price_is_the_venues)
    finally:
        await trader.venue.post("/sandbox/resume", json={"symbol": SYMBOL})
    priced = [each for each in (await trader.holdings()).values() if each["price"] is not None]
    assert {"BTC", "ETH", "USDT"} <= {each["token"] for each in priced}
    for holding in priced:
        assert holding["value"] == holding["units"] * holding["price"]


async def test_an_amount_is_taken_as_it_is_written(trader: Trader) -> None:
    for number, amount in enumerate(["0.10000", "0.00123", "0.3"]):
        placed = await trader.place(client_order_id=f"exact-{number}", amount=amount)
        assert placed.status_code == 201, placed.text
        assert Decimal(placed.json()["submitted_amount"]) == Decimal(amount)
    theirs = {order["clientOrderId"]: Decimal(order["origQty"]) for order in (await trader.books())["orders"]}
    assert theirs == {"exact-0": Decimal("0.1"), "exact-1": Decimal("0.00123"), "exact-2": Decimal("0.3")}


async def _holdings_agree(trader: Trader, *, refresh: bool = False) -> bool:
    holdings = await trader.holdings(refresh=refresh)
    theirs = {
        token: (Decimal(each["free"]) + Decimal(each["locked"]), Decimal(each["free"]))
        for token, each in (await trader.books())["balances"].items()
    }
    ours: dict[str, tuple[Decimal, Decimal]] = {
        token: (each["units"], each["available_units"]) for token, each in holdings.items()
    }
    return ours == theirs


async def _order_agrees(trader: Trader, order_id: str) -> None:
    ours = (await trader.orders())[order_id]
    [theirs] = [each for each in (await trader.books())["orders"] if each["clientOrderId"] == order_id]
    assert ours["exchange_order_id"] == str(theirs["orderId"])
    assert ours["filled_amount"] == Decimal(theirs["executedQty"]) == Decimal("0.01234")
    spent = Decimal(theirs["cummulativeQuoteQty"])
    assert abs(ours["average_fill_price"] * ours["filled_amount"] - spent) < Decimal("1e-8")


async def _trades_agree(trader: Trader) -> None:
    ours = {
        (each["price"], each["amount"], each["fee_paid"], each["fee_currency"], each["is_maker"])
        for each in await trader.trades()
    }
    theirs = {
        (*(Decimal(each[name]) for name in ("price", "qty", "commission")), each["commissionAsset"], each["isMaker"])
        for each in (await trader.books())["trades"]
    }
    assert ours == theirs
    assert len(ours) >= 1
