"""The official client's backtesting router, through the edge: its workers fetch their candles from the venue."""

import time
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from hummingbot_api_client import HummingbotAPIClient
from hummingbot_api_client.routers.backtesting import BacktestingRouter

from aviary_testing.waiting import eventually
from tests.e2e.official import Recorded
from tests.e2e.test_official_client import router
from tests.stack import Stack

pytestmark = pytest.mark.e2e

HOUR_S = 3600
CONFIG = {
    "id": "of_the_client",
    "controller_name": "bollinger_v1",
    "controller_type": "directional_trading",
    "connector_name": "sandbox_perpetual",
    "trading_pair": "BTC-USDT",
    "total_amount_quote": 1000,
    "interval": "1m",
    "bb_length": 20,
    "bb_long_threshold": 0.2,
    "bb_short_threshold": 0.8,
    "cooldown_time": 60,
    "time_limit": 600,
}
SECTIONS = {"executors", "processed_data", "results", "position_holds", "position_held_timeseries", "pnl_timeseries"}


@pytest.fixture(scope="module")
def called() -> set[str]:
    return set()


@pytest.fixture
async def backtesting(stack: Stack, called: set[str]) -> AsyncIterator[Any]:
    username, password = stack.login
    async with HummingbotAPIClient(stack.url, username, password) as client:
        yield Recorded(client.backtesting, called)


@pytest.fixture(scope="module")
def hours() -> dict[str, int]:
    """Six that are over."""
    end = int(time.time()) // HOUR_S * HOUR_S - HOUR_S
    return {"start_time": end - 6 * HOUR_S, "end_time": end}


async def refused(call: Any) -> int:
    with pytest.raises(aiohttp.ClientResponseError) as error:
        await call
    return error.value.status


async def test_a_backtest_from_the_venues_candles_to_the_old_answer(backtesting: Any, hours: dict[str, int]) -> None:
    body = await backtesting.run(**hours, config=CONFIG)
    assert set(body) == SECTIONS
    assert len(body["executors"]) == body["results"]["total_executors"] > 0
    assert len(body["pnl_timeseries"]) == 360
    again = await backtesting.run(**hours, config=CONFIG)
    assert again["results"] == body["results"]


async def test_a_task_and_a_stored_config(backtesting: Any, stack: Stack, hours: dict[str, int]) -> None:
    username, password = stack.login
    async with HummingbotAPIClient(stack.url, username, password) as client:
        await client.controllers.create_or_update_controller_config("of_the_client", CONFIG)
    submitted = await backtesting.submit_task(**hours, config="of_the_client.yml")
    task_id = submitted["task_id"]

    async def has_ended() -> bool:
        return bool((await backtesting.get_task(task_id))["status"] not in ("pending", "running"))

    await eventually(has_ended)
    task = await backtesting.get_task(task_id)
    assert (task["status"], task["error"]) == ("completed", None)
    assert set(task["result"]) == SECTIONS
    assert task_id in {each["task_id"] for each in await backtesting.list_tasks()}
    assert await backtesting.delete_task(task_id) == {"status": "deleted", "task_id": task_id}
    assert await refused(backtesting.get_task(task_id)) == 404


async def test_what_cannot_be_run_is_refused(backtesting: Any, hours: dict[str, int]) -> None:
    assert await refused(backtesting.run(**hours, config=CONFIG | {"controller_name": "bolinger_v1"})) == 404
    assert await refused(backtesting.run(**hours, config=CONFIG | {"bb_length": "long"})) == 422
    assert await refused(backtesting.run(**hours, config="nobody_stored_this")) == 404
    assert await refused(backtesting.run(hours["end_time"], hours["start_time"], config=CONFIG)) == 422


async def test_the_worker_may_die(backtesting: Any, stack: Stack, hours: dict[str, int]) -> None:
    submitted = await backtesting.submit_task(**hours, config=CONFIG)
    dead = stack.kill("backtesting-worker")

    async def has_ended() -> bool:
        return bool((await backtesting.get_task(submitted["task_id"]))["status"] == "completed")

    await eventually(has_ended, within_s=60)
    stack.wait_until_ready(but_not=dead)


def test_every_method_of_the_router_was_called(called: set[str]) -> None:
    assert called == router(BacktestingRouter)
