"""Mark prices, funding and income."""

from decimal import Decimal

import pytest

from .futures_desk import SYMBOL, hedge, incomes, legs, nothing_is_missing, order, refusal
from .rig import Client, Connect, Launch

HOUR_MS = 3_600_000


async def test_a_set_mark_price_stays_until_it_is_let_go(still: Client) -> None:
    await order(still, "BUY", "0.010")
    await still.control("mark", symbol=SYMBOL, price="61000")
    index = await still.public("/fapi/v1/premiumIndex", symbol=SYMBOL)
    assert index["markPrice"] == "61000.00000000"
    assert float(index["indexPrice"]) != 61000
    both = (await legs(still))["BOTH"]
    assert (both["markPrice"], both["unRealizedProfit"]) == ("61000.00000000", "9.99900000")
    await still.control("mark", symbol=SYMBOL, price=None)
    assert float((await still.public("/fapi/v1/premiumIndex", symbol=SYMBOL))["markPrice"]) < 60100


async def test_longs_pay_shorts_once_for_each_leg(still: Client) -> None:
    await hedge(still)
    await order(still, "BUY", "0.300", positionSide="LONG")
    await order(still, "SELL", "0.100", positionSide="SHORT")
    await still.control("mark", symbol=SYMBOL, price="60000")
    await still.control("funding/rate", symbol=SYMBOL, rate="0.0005")
    (funded,) = (await still.control("funding", symbol=SYMBOL))["funded"]
    paid = await incomes(still, incomeType="FUNDING_FEE")
    assert sorted(entry["income"] for entry in paid) == ["-9.00000000", "3.00000000"]
    assert {entry["time"] for entry in paid} == {funded["time_ms"]}
    await still.control("funding/rate", symbol=SYMBOL, rate="-0.0005")
    await still.control("funding", symbol=SYMBOL)
    paid = await incomes(still, incomeType="FUNDING_FEE")
    assert sorted(entry["income"] for entry in paid[2:]) == ["-3.00000000", "9.00000000"]
    rates = await still.public("/fapi/v1/fundingRate", symbol=SYMBOL, limit=2)
    assert [rate["fundingRate"] for rate in rates] == ["0.00050000", "-0.00050000"]
    assert rates[0]["markPrice"] == "60000.00000000"
    await nothing_is_missing(still)


async def test_the_funding_hours_pass_with_the_clock_each_once(launch: Launch, connect: Connect) -> None:
    first = launch()
    venue = connect(first.base)
    await venue.ok("POST", "/fapi/v1/order", symbol=SYMBOL, side="BUY", type="MARKET", quantity="0.100")
    next_ms = (await venue.public("/fapi/v1/premiumIndex", symbol=SYMBOL))["nextFundingTime"]
    now_ms = (await venue.public("/sandbox/clock"))["now_ms"]
    assert await incomes(venue, incomeType="FUNDING_FEE") == []
    for _ in range(2):
        await venue.control("clock", offset_ms=next_ms - now_ms + 8 * HOUR_MS + 1_000)
    after = {"recvWindow": 60_000, "timestamp": (await venue.public("/sandbox/clock"))["now_ms"]}
    paid = await incomes(venue, incomeType="FUNDING_FEE", **after)
    assert [entry["time"] for entry in paid] == [next_ms, next_ms + 8 * HOUR_MS]
    first.kill()
    await venue.http.aclose()
    again = connect(launch().base)
    again.key = venue.key
    assert await incomes(again, incomeType="FUNDING_FEE", **after) == paid
    await again.http.aclose()


async def test_income_adds_up_to_the_wallet_and_can_be_filtered(still: Client) -> None:
    await still.control("deposit", api_key=still.key, asset="USDT", amount="500", wallet="futures")
    await order(still, "BUY", "0.100")
    await still.control("price", symbol=SYMBOL, side="futures", price="61000")
    await order(still, "SELL", "0.050")
    await still.control("funding", symbol=SYMBOL)
    found = await incomes(still)
    kinds = [entry["incomeType"] for entry in found]
    assert (kinds[:2], kinds[-1]) == (["TRANSFER", "COMMISSION"], "FUNDING_FEE")
    assert set(kinds[2:-1]) == {"COMMISSION", "REALIZED_PNL"}
    (wallet,) = await still.ok("GET", "/fapi/v3/balance")
    assert 100_000 + sum(Decimal(entry["income"]) for entry in found) == Decimal(wallet["balance"])
    assert len({entry["tranId"] for entry in found}) == len(found)
    traded = [entry["tradeId"] != "" for entry in found]
    assert traded == [kind in ("COMMISSION", "REALIZED_PNL") for kind in kinds]
    assert await incomes(still, symbol=SYMBOL) == found[1:]
    assert await incomes(still, symbol="ETHUSDT") == []
    assert await incomes(still, incomeType="COMMISSION") == [
        entry for entry in found if entry["incomeType"] == "COMMISSION"
    ]
    start = found[0]["time"]
    pages = [await incomes(still, startTime=start, limit=2, page=page) for page in range(1, len(found))]
    assert [entry for page in pages for entry in page] == found
    assert len(pages[0]) == 2
    assert await incomes(still, endTime=start - 1) == []
    assert (await refusal(still, "GET", "/fapi/v1/income", incomeType="LUCK"))[0] == -1130


@pytest.mark.parametrize("body", [{"symbol": "XXX", "price": "1"}, {"symbol": SYMBOL, "price": "-1"}])
async def test_a_mark_price_that_makes_no_sense_is_refused(venue: Client, body: dict[str, str]) -> None:
    assert (await venue.http.post("/sandbox/mark", json=body)).status_code in (400, 422)
