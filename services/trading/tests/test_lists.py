from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from aviary_testing.waiting import eventually

from .trader import Trader

Page = dict[str, object]


async def ask(trader: Trader, what: str, **filters: object) -> Page:
    answer = await trader.api.post(f"/trading/{what}", json={"account_names": [trader.account], **filters})
    assert answer.status_code == 200, answer.text
    page: Page = answer.json()
    return page


def ids(page: Page) -> list[str]:
    data = page["data"]
    assert isinstance(data, list)
    return [row["order_id"] for row in data]


@pytest.fixture
async def orders(trader: Trader) -> list[str]:
    """Seven resting orders, the oldest first; two of them for another pair, one cancelled."""
    names = [f"list-{number}" for number in range(7)]
    for number, name in enumerate(names):
        other = {"trading_pair": "ETH-USDT", "price": "1500", "amount": "0.01"} if number in {2, 4} else {}
        assert (await trader.place(client_order_id=name, **other)).status_code == 201
    assert (await trader.cancel("list-3")).status_code == 200
    return names


async def test_active_orders_are_listed_oldest_first(trader: Trader, orders: list[str]) -> None:
    page = await ask(trader, "orders/active")
    assert ids(page) == [name for name in orders if name != "list-3"]
    assert page["total"] == 6


async def test_a_search_finds_all_newest_first(trader: Trader, orders: list[str]) -> None:
    assert ids(await ask(trader, "orders/search")) == orders[::-1]


@pytest.mark.parametrize("what", ["orders/active", "orders/search"])
async def test_pages_end_and_hold_every_order_once(trader: Trader, orders: list[str], what: str) -> None:
    whole, seen, cursor = ids(await ask(trader, what)), [], None
    while True:
        page = await ask(trader, what, limit=2, cursor=cursor)
        seen += ids(page)
        assert page["pagination"] == {
            "limit": 2,
            "has_more": page["next_cursor"] is not None,
            "next_cursor": page["next_cursor"],
            "total_count": len(whole),
        }
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == whole


@pytest.mark.parametrize(
    ("filters", "wanted"),
    [
        ({"trading_pairs": ["eth-usdt"]}, ["list-4", "list-2"]),
        ({"connector_names": ["sandbox"], "trading_pairs": ["ETH-USDT"]}, ["list-4", "list-2"]),
        ({"connectors": ["sandbox_perpetual"]}, []),
        ({"status": "canceled"}, ["list-3"]),
        ({"status": "CANCELLED"}, ["list-3"]),
        ({"status": "filled"}, []),
    ],
)
async def test_filters_of_both_forms(
    trader: Trader, orders: list[str], filters: dict[str, object], wanted: list[str]
) -> None:
    assert ids(await ask(trader, "orders/search", **filters)) == wanted


@pytest.mark.parametrize(
    "written",
    [
        lambda moment: moment.timestamp(),
        lambda moment: moment.timestamp() * 1000,
        lambda moment: moment.isoformat(),
    ],
)
async def test_times_are_taken_in_every_form(
    trader: Trader, orders: list[str], written: Callable[[datetime], object]
) -> None:
    made = datetime.fromisoformat(str((await trader.order("list-5"))["created_at"]))
    since = await ask(trader, "orders/search", start_time=written(made - timedelta(microseconds=500)))
    assert ids(since) == ["list-6", "list-5"]
    until = await ask(trader, "orders/search", end_time=written(made - timedelta(microseconds=500)))
    assert ids(until) == orders[4::-1]


async def test_an_unknown_status_is_named(trader: Trader) -> None:
    answer = await trader.api.post("/trading/orders/search", json={"status": "LOST"})
    assert answer.status_code == 422
    assert "LOST" in answer.text


async def test_a_cursor_of_another_list_or_of_other_filters_is_refused(trader: Trader, orders: list[str]) -> None:
    cursor = (await ask(trader, "orders/search", limit=2))["next_cursor"]
    for path, filters in (("orders/active", {}), ("orders/search", {"status": "open"})):
        answer = await trader.api.post(
            f"/trading/{path}", json={"account_names": [trader.account], "cursor": cursor, **filters}
        )
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_cursor")


@pytest.mark.parametrize("limit", [0, 1001, "many"])
async def test_an_odd_limit_is_named(trader: Trader, limit: object) -> None:
    answer = await trader.api.post("/trading/orders/search", json={"limit": limit})
    assert answer.status_code == 422
    assert "limit" in answer.text


@pytest.mark.parametrize("what", ["orders/active", "orders/search", "trades"])
async def test_no_body_means_no_filter(trader: Trader, what: str) -> None:
    assert (await trader.api.post(f"/trading/{what}")).status_code == 200


async def test_trades_are_filtered_by_side_in_any_case(trader: Trader) -> None:
    for side in ("BUY", "SELL"):
        await trader.place(client_order_id=side, order_type="MARKET", price=None, amount="0.001", trade_type=side)
    await eventually(lambda: _sides(trader, ["SELL", "BUY"]))
    for given, wanted in ((["buy"], ["BUY"]), (["Sell", "BUY"], ["SELL", "BUY"]), ([], [])):
        page = await ask(trader, "trades", trade_types=given)
        assert ids(page) == wanted


async def _sides(trader: Trader, wanted: list[str]) -> bool:
    return ids(await ask(trader, "trades")) == wanted
