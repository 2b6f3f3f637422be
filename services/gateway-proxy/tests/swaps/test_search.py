"""The list of swaps: filters in query and body, pages by offset and by cursor, sums."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text

from aviary_gateway_proxy import history, places

from ..trader import Trader

WALLET = "0x1111111111111111111111111111111111111111"
NUMBER = 23

FILL = text(
    """
    insert into swap (
        transaction_hash, timestamp, network, connector, trading_type, wallet_address, trading_pair, base_token,
        quote_token, side, amount, input_amount, output_amount, price, gas_fee, gas_token, status, state
    )
    select 'hash-' || i, now() - (:number - i) * interval '1 minute',
        case when i % 2 = 0 then 'ethereum-mainnet' else 'solana-mainnet-beta' end,
        case when i % 2 = 0 then 'uniswap' else 'jupiter' end, 'router', :wallet,
        case when i % 3 = 0 then 'SOL-USDC' else 'WETH-USDC' end, 'WETH', 'USDC', 'SELL', 2, 2, 4000, 2000, 0.5, 'ETH',
        case when i < 4 then 'FAILED' when i = 22 then 'SUBMITTED' else 'CONFIRMED' end, 'CONFIRMED'
    from generate_series(0, :number - 1) i
    """
)


@pytest.fixture
def swaps(trader: Trader, records: Engine) -> list[str]:
    """Hashes, the newest first; two swaps have the same time."""
    with records.begin() as connection:
        connection.execute(FILL, {"number": NUMBER, "wallet": WALLET})
        connection.execute(text("update swap set timestamp = (select max(timestamp) from swap) where id % 23 > 20"))
    with records.connect() as connection:
        return list(connection.scalars(text("select transaction_hash from swap order by timestamp desc, id desc")))


def hashes(page: dict[str, Any]) -> list[str]:
    return [row["transaction_hash"] for row in page["data"]]


async def test_all_three_ways_to_ask_give_the_same(trader: Trader, swaps: list[str]) -> None:
    asked = {"network": "ethereum-mainnet", "status": "confirmed", "limit": 5}
    answers = [
        await trader.api.get("/gateway/swaps/search", params=asked),
        await trader.api.post("/gateway/swaps/search", params=asked),
        await trader.api.post("/gateway/swaps/search", json=asked),
    ]
    pages = [answer.json() for answer in answers]
    assert pages[0] == pages[1] == pages[2]
    assert len(pages[0]["data"]) == 5


@pytest.mark.parametrize("limit", [1, 4, 10, 23, 50])
async def test_pages_by_offset_hold_every_swap_once(trader: Trader, swaps: list[str], limit: int) -> None:
    seen: list[str] = []
    while True:
        page = (await trader.api.post("/gateway/swaps/search", params={"limit": limit, "offset": len(seen)})).json()
        assert page["pagination"]["offset"] == len(seen)
        seen += hashes(page)
        if not page["pagination"]["has_more"]:
            break
        assert page["pagination"]["total_count"] is None
    assert seen == swaps
    assert page["pagination"]["total_count"] == page["total"] == NUMBER


async def test_a_jump_finds_the_same_rows(trader: Trader, swaps: list[str]) -> None:
    page = (await trader.api.post("/gateway/swaps/search", params={"limit": 3, "offset": 17})).json()
    assert hashes(page) == swaps[17:20]
    back = (await trader.api.post("/gateway/swaps/search", params={"limit": 3, "offset": 2})).json()
    assert hashes(back) == swaps[2:5]
    beyond = (await trader.api.post("/gateway/swaps/search", params={"offset": 100})).json()
    assert (beyond["data"], beyond["pagination"]["has_more"]) == ([], False)


async def test_a_new_swap_moves_the_places_of_the_others(trader: Trader, swaps: list[str], records: Engine) -> None:
    await trader.api.post("/gateway/swaps/search", params={"limit": 5})
    with records.begin() as connection:
        connection.execute(FILL, {"number": 1, "wallet": WALLET})
    page = (await trader.api.post("/gateway/swaps/search", params={"limit": 5, "offset": 5})).json()
    assert hashes(page) == swaps[4:9]


async def test_a_jump_far_behind_counts_once(trader: Trader, swaps: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "STEP", 4)
    monkeypatch.setattr(history, "FAR", 8)
    for offset in (18, 13, 22):
        page = (await trader.api.post("/gateway/swaps/search", params={"limit": 3, "offset": offset})).json()
        assert hashes(page) == swaps[offset : offset + 3]


async def test_pages_by_cursor_go_on_after_new_swaps(trader: Trader, swaps: list[str], records: Engine) -> None:
    seen, cursor = [], None
    while True:
        asked = {"limit": 4, **({"cursor": cursor} if cursor else {})}
        page = (await trader.api.post("/gateway/swaps/search", json=asked)).json()
        seen += hashes(page)
        cursor = page["next_cursor"]
        if cursor is None:
            break
        with records.begin() as connection:
            connection.execute(FILL, {"number": 1, "wallet": WALLET})
    assert seen == swaps


async def test_a_cursor_of_other_filters_is_refused(trader: Trader, swaps: list[str]) -> None:
    cursor = (await trader.api.post("/gateway/swaps/search", json={"limit": 4})).json()["next_cursor"]
    answer = await trader.api.post("/gateway/swaps/search", json={"cursor": cursor, "status": "FAILED"})
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_cursor")


@pytest.mark.parametrize(
    ("filters", "number"),
    [
        ({"network": "mainnet"}, 12),
        ({"network": "mainnet-beta", "chain": "solana"}, 11),
        ({"chain": "solana"}, 11),
        ({"connector": "Uniswap/router"}, 12),
        ({"trading_pair": "sol-usdc"}, 8),
        ({"wallet_address": WALLET.upper().replace("0X", "0x")}, 23),
        ({"address": "0x" + "2" * 40}, 0),
        ({"status": "failed"}, 4),
        ({"status": "failed", "connector": "jupiter", "trading_pair": "SOL-USDC"}, 1),
    ],
)
async def test_filters(trader: Trader, swaps: list[str], filters: dict[str, str], number: int) -> None:
    page = (await trader.api.post("/gateway/swaps/search", json=filters)).json()
    assert len(page["data"]) == page["total"] == number


async def test_times_are_taken_in_seconds(trader: Trader, swaps: list[str]) -> None:
    newest = (await trader.api.post("/gateway/swaps/search", json={"limit": 1})).json()["data"][0]
    since = datetime.fromisoformat(newest["timestamp"]) - timedelta(minutes=5, seconds=30)
    page = (await trader.api.get("/gateway/swaps/search", params={"start_time": int(since.timestamp())})).json()
    rest = (await trader.api.get("/gateway/swaps/search", params={"end_time": int(since.timestamp())})).json()
    assert hashes(page) + hashes(rest) == swaps
    assert 0 < len(hashes(page)) < NUMBER


async def test_sums(trader: Trader, swaps: list[str]) -> None:
    told = (await trader.api.get("/gateway/swaps/summary")).json()
    assert told == {
        "total_swaps": 23,
        "confirmed_swaps": 18,
        "failed_swaps": 4,
        "pending_swaps": 1,
        "success_rate": 0.7826,
        "total_volume": 36.0,
        "total_gas_fees": 11.5,
    }
    of_one = (await trader.api.get("/gateway/swaps/summary", params={"network": "mainnet-beta"})).json()
    assert of_one["total_swaps"] == 11


async def test_an_unknown_status_is_named(trader: Trader) -> None:
    answer = await trader.api.post("/gateway/swaps/search", params={"status": "LOST"})
    assert answer.status_code == 422
    assert "LOST" in answer.text
