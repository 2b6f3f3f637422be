"""Funding, trading rules and balances in honest runs, through HTTP."""

from typing import Any

import httpx
import numpy as np
import pytest

from ..asking import BOLLINGER, RUNS, START, asked, done
from ..market import Market, rule

SETTLED_S = START + 9 * 3600.0
RATE = 0.002
PAIR = "BTC-USDT"


async def executors_of(api: httpx.AsyncClient, run: dict[str, Any]) -> dict[str, Any]:
    columns = (await api.get(f"{RUNS}/{run['run_id']}/executors")).json()["columns"]
    order = np.argsort(columns["number"])
    return {name: np.array(values)[order] for name, values in columns.items()}


async def test_a_position_pays_the_rate_times_its_worth(
    api: httpx.AsyncClient, new_worker: Any, market: Market
) -> None:
    """Many times as wide as usual, so that some position is open at nine o'clock."""
    config = BOLLINGER | {"stop_loss": 0.5, "take_profit": 0.5, "time_limit": 20_000}
    found = []
    for funding in ([], [(SETTLED_S, RATE)]):
        market.funding[PAIR] = sorted([*((START + 28_800.0 * count, 0.0) for count in range(4)), *funding])
        async with new_worker():
            run = await done(api, config=config)
        assert run["warnings"] == []
        assert run["venue_terms"][0]["settlements"] == 3 + len(funding)
        found.append((run, await executors_of(api, run)))
    (plain, before), (paying, after) = found
    minutes = market.stored[PAIR]
    close = minutes.filter(minutes["open_time"] == SETTLED_S - 60)["close"][0]
    row = (SETTLED_S - START) // 60
    was_open = (before["fill_row"] >= 0) & (before["fill_row"] < row) & (before["end_row"] >= row)
    assert was_open.any()
    signs = np.where(before["side"] == 1, 1, -1)
    owed = np.where(was_open, signs * before["amount"] * close * RATE, 0.0)
    np.testing.assert_allclose(before["net_pnl_quote"] - after["net_pnl_quote"], owed, atol=1e-9)
    assert paying["net_pnl_quote"] == pytest.approx(plain["net_pnl_quote"] - owed.sum(), abs=1e-9)
    assert paying["digest"] != plain["digest"]
    assert paying["candle_digest"] == plain["candle_digest"]


async def test_a_warm_run_asks_nothing_and_has_the_same_digest(
    api: httpx.AsyncClient, new_worker: Any, market: Market
) -> None:
    market.funding[PAIR] = [(START + 28_800.0 * count, RATE) for count in range(4)]
    market.rules[PAIR] = rule(min_base_amount_increment=0.01)
    async with new_worker():
        cold, warm = await done(api), await done(api)
    assert sorted(market.asked) == [f"funding {PAIR}", f"rules {PAIR}"]
    async with new_worker():
        elsewhere = await done(api)
    assert cold["digest"] == warm["digest"] == elsewhere["digest"]


async def test_funding_that_nobody_tells_is_a_warning(
    api: httpx.AsyncClient, worker: httpx.AsyncClient, market: Market
) -> None:
    market.funding = {}
    run = await done(api)
    assert run["summary"]["total_executors"] > 5
    assert run["warnings"] == ["The funding of BTC-USDT at binance_perpetual is not known (No history): none is paid."]
    assert run["venue_terms"][0]["settlements"] is None


async def test_spot_and_compat_do_not_ask(api: httpx.AsyncClient, worker: httpx.AsyncClient, market: Market) -> None:
    spot = await done(api, config=BOLLINGER | {"connector_name": "binance"})
    assert (spot["warnings"], market.asked) == ([], [f"rules {PAIR}"])
    compat = await done(api, mode="compat")
    assert (compat["warnings"], compat["venue_terms"], len(market.asked)) == ([], [], 1)


async def test_amounts_are_on_the_step_and_rules_are_told(
    api: httpx.AsyncClient, worker: httpx.AsyncClient, market: Market
) -> None:
    market.rules[PAIR] = rule(min_base_amount_increment=0.25, min_notional_size=5.0)
    run = await done(api)
    assert run["venue_terms"][0]["rules"] == {
        "amount_step": 0.25,
        "price_step": 0.0,
        "min_amount": 0.0,
        "min_notional": 5.0,
    }
    amounts = (await executors_of(api, run))["amount"]
    assert len(amounts) > 5
    assert (amounts % 0.25 == 0).all()


async def test_orders_that_are_too_small_are_not_placed_and_counted(
    api: httpx.AsyncClient, worker: httpx.AsyncClient, market: Market
) -> None:
    market.rules[PAIR] = rule(min_notional_size=1e6)
    run = await done(api)
    assert run["summary"]["total_executors"] == 0
    assert "smaller than the market takes" in run["warnings"][0]


async def test_rules_that_nobody_tells_are_a_warning(
    api: httpx.AsyncClient, worker: httpx.AsyncClient, market: Market
) -> None:
    market.rules = {}
    run = await done(api)
    assert (len(run["warnings"]), run["venue_terms"][0]["rules"]) == (1, None)
    assert run["warnings"][0].startswith("The trading rules of BTC-USDT at binance_perpetual are not known")


async def test_an_upload_pays_the_rate_of_the_request(
    api: httpx.AsyncClient, worker: httpx.AsyncClient, market: Market
) -> None:
    content = market.stored[PAIR].write_csv().encode()
    sent = await api.post("/backtesting/candles", content=content, headers={"Content-Type": "text/csv"})
    digest = sent.json()["digest"]
    silent = await done(api, candles=digest)
    assert "funding_rate" in silent["warnings"][0]
    named = await done(api, candles=digest, funding_rate=0.01)
    assert (named["warnings"], named["funding_rate"]) == ([], 0.01)
    assert named["venue_terms"][0]["settlements"] == 3
    assert named["net_pnl_quote"] != silent["net_pnl_quote"]
    assert market.asked == [f"rules {PAIR}"]


async def test_starting_balances_are_a_part_of_the_input(api: httpx.AsyncClient, worker: httpx.AsyncClient) -> None:
    owned = {"USDT": 10_000, "binance_perpetual": {"BTC": "0.5"}}
    run, plain = await done(api, starting_balances=owned), await done(api)
    assert run["starting_balances"] == {"USDT": "10000", "binance_perpetual": {"BTC": "0.5"}}
    assert plain["starting_balances"] == {}
    assert run["digest"] != plain["digest"]
    assert (
        run["digest"] == (await done(api, starting_balances={"binance_perpetual": {"USDT": 1e4, "BTC": 0.5}}))["digest"]
    )


async def test_a_controller_trades_what_it_owns(
    api: httpx.AsyncClient, worker: httpx.AsyncClient, market: Market
) -> None:
    """It sells the perpetual against what is owned on spot."""
    config = {
        "id": "hedge",
        "controller_name": "hedge_asset",
        "controller_type": "generic",
        "spot_connector_name": "binance",
        "asset_to_hedge": "BTC",
        "hedge_connector_name": "binance_perpetual",
        "hedge_trading_pair": PAIR,
        "hedge_ratio": 1,
    }
    sold = []
    for owned in ({}, {"binance": {"BTC": 3}}):
        run = await done(api, config=config, starting_balances=owned)
        sold.append((await executors_of(api, run)).get("amount", np.array([])).sum())
    assert sold == [0.0, pytest.approx(3.0)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"starting_balances": {"USDT": -1}},
        {"starting_balances": {"USDT": "much"}},
        {"starting_balances": {"a b": 1}},
        {"starting_balances": {"binance": {"\x00": 1}}},
        {"funding_rate": 2},
    ],
)
async def test_what_cannot_be_owned_or_paid_is_refused(api: httpx.AsyncClient, wrong: dict[str, Any]) -> None:
    answer = await api.post(RUNS, json=asked(**wrong))
    assert answer.status_code == 422, answer.text
