"""The list of positions: both ways to ask, filters, pages."""

from typing import Any

import pytest
from sqlalchemy import Engine, text

from ..trader import Trader

WALLET = "0x1111111111111111111111111111111111111111"
FILL = text(
    """
    insert into clmm_position (
        position_address, pool_address, network, connector, wallet_address, trading_pair, base_token, quote_token,
        base_token_address, quote_token_address, created_at, status, lower_price, upper_price, entry_price,
        current_price, initial_base_token_amount, initial_quote_token_amount, base_token_amount, quote_token_amount,
        withdrawn_base_amount, withdrawn_quote_amount, base_fee_collected, quote_fee_collected, base_fee_pending,
        quote_fee_pending, last_updated
    )
    select i::text, '0xpool', case when i % 2 = 0 then 'ethereum-mainnet' else 'ethereum-base' end,
        case when i % 2 = 0 then 'uniswap' else 'pancakeswap' end, :wallet, 'WETH-USDC', 'WETH', 'USDC', '0x1', '0x2',
        now() - i * interval '1 minute', case when i < 5 then 'OPEN' else 'CLOSED' end, 1800, 2200, 2000, 2000,
        1, 2000, 1, 2000, 0, 0, 0, 0, 0, 0, now()
    from generate_series(0, 12) i
    """
)
NEWEST_FIRST = [str(number) for number in range(13)]


@pytest.fixture
def positions(trader: Trader, records: Engine) -> None:
    with records.begin() as connection:
        connection.execute(FILL, {"wallet": WALLET})


async def ask(trader: Trader, query: dict[str, Any] | None = None, body: dict[str, Any] | None = None) -> Any:
    answer = await trader.api.post("/gateway/clmm/positions/search", params=query, json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def addresses(page: Any) -> list[str]:
    return [row["position_address"] for row in page["data"]]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, NEWEST_FIRST),
        ({"status": "open"}, NEWEST_FIRST[:5]),
        ({"network": "ethereum-base"}, NEWEST_FIRST[1::2]),
        ({"network": "base", "connector": "PancakeSwap/clmm", "trading_pair": "weth-usdc"}, NEWEST_FIRST[1::2]),
        ({"position_addresses": ["3", "7"]}, ["3", "7"]),
        ({"wallet_address": WALLET, "status": "CLOSED"}, NEWEST_FIRST[5:]),
        ({"chain": "solana"}, []),
    ],
)
async def test_query_and_body_mean_the_same(
    trader: Trader, positions: None, filters: dict[str, Any], found: list[str]
) -> None:
    assert addresses(await ask(trader, query=filters)) == addresses(await ask(trader, body=filters)) == found


async def test_the_reference_names_the_wallet_address(trader: Trader, positions: None) -> None:
    asked = {"chain": "ethereum", "network": "mainnet", "connector": "uniswap", "address": WALLET}
    assert addresses(await ask(trader, body=asked)) == NEWEST_FIRST[::2]


@pytest.mark.parametrize("limit", [1, 5, 13])
async def test_pages_hold_every_position_once(trader: Trader, positions: None, limit: int) -> None:
    seen: list[str] = []
    more = True
    while more:
        page = await ask(trader, query={"limit": limit, "offset": len(seen)})
        seen += addresses(page)
        more = page["pagination"]["has_more"]
    assert seen == NEWEST_FIRST
    assert page["total"] == 13


async def test_events_of_an_unknown_position_are_none(trader: Trader) -> None:
    answer = await trader.api.get("/gateway/clmm/positions/4711/events")
    assert answer.json() == {"data": [], "total_count": 0}


async def test_events_are_narrowed_by_type_and_limit(trader: Trader) -> None:
    address = (await trader.opened())["position_address"]
    for _ in range(2):
        await trader.good("/gateway/clmm/remove", position_address=address, percentage="10")
    path = f"/gateway/clmm/positions/{address}/events"
    found = (await trader.api.get(path, params={"event_type": "remove_liquidity", "limit": 1})).json()
    assert (len(found["data"]), found["total_count"]) == (1, 2)
