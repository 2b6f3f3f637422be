"""Users' controllers through HTTP, behind the real walls."""

import asyncio
import sys
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from aviary_testing.waiting import eventually

from ..asking import RUNS, START, asked, begun, done, ended
from ..market import Market, rule
from . import samples

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="walls are Linux's")

Texts = dict[str, str]


@pytest.fixture(autouse=True)
def _forget(users_controllers: Texts) -> None:
    users_controllers.clear()


async def failed(api: httpx.AsyncClient, **more: Any) -> dict[str, Any]:
    run = await ended(api, await begun(api, **more))
    assert run["status"] == "failed", run
    return dict(run["error"])


async def test_a_users_controller_earns_what_the_bundled_one_of_the_same_rule_earns(
    api: httpx.AsyncClient, worker: httpx.AsyncClient, users_controllers: Texts
) -> None:
    users_controllers["tide"] = samples.TIDE
    run, bundled = await done(api, config=samples.CONFIG), await done(api)
    assert run["summary"] == bundled["summary"]
    assert run["controller_name"] == "tide"
    assert len(run["source_digest"]) == 32
    assert (bundled["source_digest"], run["warnings"]) == (None, [])


async def test_its_positions_pay_funding_and_hold_to_the_rules(
    api: httpx.AsyncClient, worker: httpx.AsyncClient, users_controllers: Texts, market: Market
) -> None:
    users_controllers["tide"] = samples.TIDE
    market.funding["BTC-USDT"] = [(START + 120.0 + 1800.0 * count, 0.003) for count in range(48)]
    market.rules["BTC-USDT"] = rule(min_base_amount_increment=0.5)
    more = {"start_time": START + 60, "starting_balances": {"USDT": 500}}
    run, bundled = await done(api, config=samples.CONFIG, **more), await done(api, **more)
    assert run["summary"] == bundled["summary"]
    assert run["venue_terms"] == bundled["venue_terms"]
    assert run["venue_terms"][0]["rules"]["amount_step"] == 0.5
    free = await done(api, config=samples.CONFIG, **more, funding_rate=0)
    assert run["net_pnl_quote"] != free["net_pnl_quote"]


async def test_other_code_with_the_same_result_has_another_digest(
    api: httpx.AsyncClient, worker: httpx.AsyncClient, users_controllers: Texts
) -> None:
    users_controllers["tide"] = samples.TIDE
    first = await done(api, config=samples.CONFIG)
    users_controllers["tide"] = samples.TIDE + "# a word more\n"
    second = await done(api, config=samples.CONFIG)
    assert first["summary"] == second["summary"]
    assert len({run[name] for run in (first, second) for name in ("digest", "source_digest")}) == 4


async def test_the_old_route_answers_in_the_old_form(
    api: httpx.AsyncClient, worker: httpx.AsyncClient, users_controllers: Texts
) -> None:
    users_controllers["tide"] = samples.TIDE
    given = asked(config=samples.CONFIG)
    answer = await api.post("/backtesting/run", json=given)
    assert answer.status_code == 200, answer.text
    assert answer.json()["results"]["total_executors"] == len(answer.json()["executors"]) > 5


async def test_a_sweep_of_a_users_controller_is_refused(api: httpx.AsyncClient, users_controllers: Texts) -> None:
    users_controllers["tide"] = samples.TIDE
    answer = await api.post("/backtesting/sweeps", json=asked(config=samples.CONFIG, space={"bb_length": [20, 40]}))
    assert (answer.status_code, answer.json()["code"]) == (422, "user_code")


async def test_features_that_know_the_future_are_warned_of(
    api: httpx.AsyncClient, worker: httpx.AsyncClient, users_controllers: Texts
) -> None:
    users_controllers["tide"] = samples.AHEAD
    assert "Look-ahead" in (await done(api, config=samples.CONFIG))["warnings"][0]


@pytest.mark.parametrize(
    ("what", "code", "told"),
    [
        ("1 / 0", "user_code_failed", "tide.py, line 26: ZeroDivisionError: division by zero"),
        ("open('/etc/passwd')", "user_code_failed", "tide.py, line 26: PermissionError"),
        ("import socket; socket.socket()", "user_code_failed", "tide.py, line 26: PermissionError"),
        ("hoard = [bytearray(2**26) for _ in range(1000)]", "user_code_memory", "more memory than it may have"),
    ],
)
async def test_code_that_goes_wrong_ends_its_run_with_the_reason(
    api: httpx.AsyncClient, worker: httpx.AsyncClient, users_controllers: Texts, what: str, code: str, told: str
) -> None:
    users_controllers["tide"] = samples.doing(what)
    error = await failed(api, config=samples.CONFIG)
    assert error["code"] == code
    assert told in error["detail"]
    assert (await done(api))["status"] == "completed"


async def test_a_loop_ends_at_its_limit(api: httpx.AsyncClient, new_worker: Any, users_controllers: Texts) -> None:
    users_controllers["tide"] = samples.doing("while True: pass")
    async with new_worker(AVIARY_BACKTEST_USER_CODE_S="8"):
        error = await failed(api, config=samples.CONFIG)
    assert error["code"] in ("user_code_cpu", "user_code_timed_out")


async def test_a_cancelled_run_ends_its_process(
    api: httpx.AsyncClient, worker: httpx.AsyncClient, users_controllers: Texts, tmp_path: Path
) -> None:
    users_controllers["tide"] = samples.doing("while True: pass")
    run_id = await begun(api, config=samples.CONFIG)
    await eventually(lambda: asyncio.to_thread(_walled_in))
    assert (await api.post(f"{RUNS}/{run_id}/cancel")).status_code == 200
    await eventually(lambda: asyncio.to_thread(lambda: not _walled_in()))
    assert (await done(api))["status"] == "completed"


async def test_an_unknown_controller_is_404_with_the_nearest_of_the_users_own(
    api: httpx.AsyncClient, users_controllers: Texts
) -> None:
    users_controllers["tide"] = samples.TIDE
    answer = await api.post(RUNS, json=asked(config={**samples.CONFIG, "controller_name": "tied"}))
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_controller")
    assert "Did you mean tide?" in answer.json()["detail"]


async def test_a_wrong_config_of_a_users_controller_is_422_with_the_field(
    api: httpx.AsyncClient, users_controllers: Texts
) -> None:
    users_controllers["tide"] = samples.TIDE
    answer = await api.post(RUNS, json=asked(config={**samples.CONFIG, "bb_length": "long"}))
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_config")
    assert "bb_length: Input should be a valid integer" in answer.json()["detail"]


async def test_code_that_does_not_even_load_is_422(api: httpx.AsyncClient, users_controllers: Texts) -> None:
    users_controllers["tide"] = "import nowhere\n"
    answer = await api.post(RUNS, json=asked(config=samples.CONFIG))
    assert answer.status_code == 422
    assert "nowhere is not installed where backtests run" in answer.json()["detail"]


def _walled_in() -> bool:
    """Whether a confined worker of ours is computing."""
    for process in psutil.Process().children(recursive=True):
        try:
            if "aviary_common.confined.worker" in " ".join(process.cmdline()) and process.cpu_times().user > 2:
                return True
        except psutil.Error:
            continue
    return False
