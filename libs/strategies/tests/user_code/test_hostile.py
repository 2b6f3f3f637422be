"""Controllers that mean harm, or do some: the run ends with a reason, and nothing else is touched."""

import sys
from dataclasses import replace

import pytest

from aviary_common.confined.errors import AnswerTooLarge, WorkerFailed, WorkerKilled, WorkerTimedOut
from aviary_strategies.user_code.claims import Decisions, Description, NotBelieved
from aviary_strategies.user_code.replay import Replay

from . import samples
from .confined import ROOMY, described, played

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="walls are Linux's")

MINUTES = 400


def doing(what: str) -> str:
    """Does it when it is asked for its features."""
    return samples.TIDE.replace("        df = self.candles()\n", f"        df = self.candles()\n        {what}\n")


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ("1 / 0", "tide.py, line 34: ZeroDivisionError: division by zero"),
        ("import socket; socket.create_connection(('127.0.0.1', 80))", "PermissionError"),
        ("open('/etc/passwd').read()", "PermissionError"),
        ("open('/proc/self/environ').read()", "PermissionError"),
        ("import os; os.system('true'); os.fork()", "PermissionError"),
        ("import threading; threading.Thread(target=print).start()", "RuntimeError: can't start new thread"),
        ("open('/tmp/hostile', 'w')", "PermissionError"),
        ("import pandas_ta", "pandas_ta is not installed where backtests run: no release of it works with this Python"),
        ("import nowhere", "nowhere is not installed where backtests run: numpy, pandas, numba and aviary_strategies"),
        ("import asyncio; await asyncio.sleep(1)", "no running event loop"),
        (
            "self.market_data_provider.get_order_book('x', 'y')",
            "market_data_provider.get_order_book is known live only",
        ),
        (
            "from hummingbot.core.gateway import Gateway; Gateway.get_instance()",
            "hummingbot.core.gateway.Gateway.get_in",
        ),
        (
            "self.market_data_provider.get_candles_df('binance', 'A-B', '1h')",
            "the 1h candles of A-B at binance are not",
        ),
    ],
)
async def test_what_a_controller_may_not_do_ends_its_run_with_where_and_why(what: str, told: str) -> None:
    with pytest.raises(WorkerFailed) as caught:
        await played(doing(what), samples.CONFIG, minutes=MINUTES)
    assert told in str(caught.value)
    assert "tide.py, line " in str(caught.value)


async def test_a_loop_uses_up_its_time() -> None:
    with pytest.raises((WorkerKilled, WorkerTimedOut), match=r"more processor time|still running"):
        await played(doing("while True: pass"), samples.CONFIG, minutes=MINUTES, limits=replace(ROOMY, cpu_s=8))


async def test_a_sleep_uses_up_its_time() -> None:
    text = doing("import time; time.sleep(1000)")
    with pytest.raises(WorkerTimedOut):
        await played(text, samples.CONFIG, minutes=MINUTES, limits=replace(ROOMY, wall_s=15))


async def test_memory_ends() -> None:
    with pytest.raises(WorkerKilled, match="memory"):
        await played(doing("hoard = [bytearray(2**24) for _ in range(1000)]"), samples.CONFIG, minutes=MINUTES)


async def test_an_answer_has_a_limit() -> None:
    text = doing("df = df.assign(**{f'c{n}': 1.0 for n in range(150)})")
    with pytest.raises(AnswerTooLarge):
        await played(text, samples.CONFIG, minutes=MINUTES, limits=replace(ROOMY, answer_bytes=20_000))


async def test_there_are_no_secrets() -> None:
    text = doing("import os; raise RuntimeError(sorted(os.environ))")
    with pytest.raises(WorkerFailed) as caught:
        await played(text, samples.CONFIG, minutes=MINUTES)
    assert "AVIARY" not in str(caught.value)


async def test_a_module_without_a_controller_says_so() -> None:
    with pytest.raises(WorkerFailed, match="defines no controller"):
        await described("x = 1\n", samples.CONFIG)


DESCRIBED = Description(markets=[("binance", "BTC-USDT")], feeds=[("binance", "BTC-USDT", "1m", 20)])
SPEC = {
    "market": ["binance", "BTC-USDT"],
    "side": 1,
    "amount": 1.0,
    "entry_price": 100.0,
    "barriers": {"stop_loss": None, "take_profit": 0.1, "time_limit": 60},
}
GRID = {
    **{name: SPEC[name] for name in ("market", "side", "barriers")},
    "start_price": 1.0,
    "end_price": 1e9,
    "limit_price": 0.5,
    "total_amount_quote": 1e15,
    "min_spread_between_orders": 1e-9,
}


def claimed(action: dict[str, object]) -> Decisions:
    return Decisions.of({"features": {}, "decisions": [[60.0, [action]]], "warnings": []})


def test_an_honest_claim_is_taken() -> None:
    assert Replay("tide", DESCRIBED, claimed({"create": "position", "spec": SPEC})).markets


@pytest.mark.parametrize(
    "action",
    [
        {"create": "position", "spec": {**SPEC, "amount": -1.0}},
        {"create": "position", "spec": {**SPEC, "amount": float("inf")}},
        {"create": "position", "spec": {**SPEC, "entry_price": float("nan")}},
        {"create": "position", "spec": {**SPEC, "side": 3}},
        {"create": "position", "spec": {**SPEC, "market": ["binance", "ETH-USDT"]}},
        {"create": "position", "spec": {}},
        {"create": "dca", "spec": {**SPEC, "prices": [1.0], "amounts_quote": []}},
        {"create": "grid", "spec": GRID},
        {"create": "wish", "spec": SPEC},
        {"create": ["position"]},
        {"stop": "one"},
        {},
    ],
)
def test_a_forged_action_is_not_believed(action: dict[str, object]) -> None:
    with pytest.raises(NotBelieved):
        Replay("tide", DESCRIBED, claimed(action))


@pytest.mark.parametrize(
    "told",
    [
        None,
        {"features": {}, "decisions": {}, "warnings": []},
        {"features": {"signal": 3}, "decisions": [], "warnings": []},
        {"features": {}, "decisions": [], "warnings": ["x" * 2000]},
    ],
)
def test_an_answer_of_another_form_is_not_believed(told: object) -> None:
    with pytest.raises(NotBelieved):
        Decisions.of(told)


def test_features_that_are_no_numbers_are_not_believed() -> None:
    told = Decisions.of({"features": {"signal": "not base64!"}, "decisions": [], "warnings": []})
    with pytest.raises(NotBelieved, match="no column"):
        Replay("tide", DESCRIBED, told)
