"""Config classes, found in users' code without Hummingbot."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from aviary_common.confined.errors import WorkerFailed, WorkerTimedOut
from aviary_common.confined.limits import Limits
from aviary_common.errors import Unprocessable
from aviary_orchestration.user_code.answers import ConfigField
from aviary_orchestration.user_code.service import AT_ONCE, UserCode
from aviary_orchestration.user_code.sources import Kind, Source

from . import samples

ROOMY = Limits(wall_s=60)


def source(text: str, kind: Kind = "controller", name: str = "tide") -> Source:
    module = f"controllers.generic.{name}" if kind == "controller" else f"scripts.{name}"
    return Source(kind, name, module, {module: text})


@pytest.fixture
async def user_code() -> AsyncIterator[UserCode]:
    asked = UserCode(limits=ROOMY)
    yield asked
    await asked.close()


async def fields(user_code: UserCode, asked: Source) -> dict[str, ConfigField]:
    return {field.name: field for field in (await user_code.describe(asked)).fields}


async def test_a_directional_controller(user_code: UserCode) -> None:
    found = await fields(user_code, source(samples.DIRECTIONAL))
    assert found["total_amount_quote"].model_dump() == {
        "name": "total_amount_quote",
        "type": "<class 'decimal.Decimal'>",
        "default": "100",
        "required": False,
        "is_updatable": True,
        "description": None,
    }
    assert [name for name, field in found.items() if field.required] == ["id", "budget"]
    assert found["controller_type"].default == "directional_trading"
    assert found["candles_config"].default == []
    assert found["candles_connector"].default is None
    assert found["candles_connector"].description == "Connector of the candles, empty for the one that trades:"
    assert found["interval"].description == "Length of a candle"
    assert (found["depth"].default, found["depth"].is_updatable) == (20, True)
    assert (found["ratio"].default, found["ratio"].is_updatable) == (0.25, False)
    assert (found["side"].default, found["side"].type) == ("TradeType.BUY", "<enum 'TradeType'>")
    assert found["band"].default == {"low": "0.1", "high": "0.9"}
    assert found["band"].type == "<class 'controllers.generic.tide.Band'>"
    assert found["steps"].type == "typing.List[decimal.Decimal]"
    assert "hummingbot.strategy_v2.executors.position_executor.data_types.TripleBarrierConfig" in found["barriers"].type
    assert found["cooldown_time"].default == 300


async def test_the_class_that_names_the_controller_goes_before_the_last(user_code: UserCode) -> None:
    found = await fields(user_code, source(samples.MAKER, name="plain_maker"))
    assert (found["floor"].default, found["floor"].is_updatable) == (1, True)
    assert found["buy_spreads"].default == "0.01,0.02"
    assert found["position_rebalance_threshold_pct"].default == "0.05"
    assert (await user_code.describe(source(samples.MAKER, name="other"))).class_name == "LaterConfig"


async def test_scripts_of_both_ages(user_code: UserCode) -> None:
    found = await fields(user_code, source(samples.SCRIPT, "script", "ladder"))
    assert {name: field.default for name, field in found.items()} == {
        "script_file_name": "ladder.py",
        "controllers_config": [],
        "exchange": "binance_paper_trade",
        "pairs": ["ETH-USDT"],
        "spread": "0.001",
        "price_type": "PriceType.MidPrice",
        "order_type": "OrderType.LIMIT",
    }
    assert list(await fields(user_code, source(samples.OLD_SCRIPT, "script", "once"))) == ["amount"]


async def test_code_without_a_config_class_has_none(user_code: UserCode) -> None:
    text = "from hummingbot.strategy_v2.controllers import ControllerConfigBase"
    assert (await user_code.describe(source(text))).class_name is None
    assert (await user_code.validate(source(text), {})).class_name is None


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({}, ""),
        ({"side": "sell", "trailing_stop": "0.01,0.005", "time_limit": "", "steps": "1,2"}, ""),
        ({"take_profit_order_type": "limit", "position_mode": "oneway", "stop_loss": "0.5"}, ""),
        ({"band": {"low": 0.2}, "barriers": {"time_limit": 60, "open_order_type": 1}}, ""),
        ({"depth": 1}, "depth: Input should be greater than 1"),
        ({"budget": "many"}, "budget: Input should be a valid decimal"),
        ({"unknown": 1}, "unknown: Extra inputs are not permitted"),
        ({"position_mode": "sideways"}, "must be one of HEDGE, ONEWAY"),
        ({"band": {"low": "deep"}}, "band.low: Input should be a valid decimal"),
        ({"stop_loss": -1, "leverage": "x"}, "leverage: Input should be a valid integer"),
    ],
)
async def test_a_config_meets_its_class(user_code: UserCode, changes: dict[str, object], complaint: str) -> None:
    told = (await user_code.validate(source(samples.DIRECTIONAL), {"id": "a", "budget": 5, **changes})).told()
    assert complaint in told
    assert bool(complaint) == bool(told)


async def test_amounts_must_match_their_spreads(user_code: UserCode) -> None:
    config = {"id": "a", "controller_name": "m", "buy_spreads": "0.1,0.2", "buy_amounts_pct": "1,2,3"}
    checked = await user_code.validate(source(samples.MAKER, name="plain_maker"), config)
    assert "3 amounts for the 2 levels of buy_spreads" in checked.told()


async def test_what_is_asked_twice_is_found_once(user_code: UserCode) -> None:
    await asyncio.gather(*(user_code.describe(source(samples.MAKER)) for _ in range(5)))
    await user_code.describe(source(samples.MAKER))
    assert user_code.runs == 1
    await user_code.describe(source(samples.MAKER + "\n"))
    await user_code.describe(source(samples.MAKER, name="other"))
    assert user_code.runs == 3


async def test_failures_are_remembered_and_bad_luck_is_not(user_code: UserCode) -> None:
    for _ in range(2):
        with pytest.raises(WorkerFailed, match=r"tide\.py, line 2: ValueError: no"):
            await user_code.describe(source("\nraise ValueError('no')"))
    assert user_code.runs == 1
    slow = UserCode(limits=replace(ROOMY, wall_s=0.5))
    for _ in range(2):
        with pytest.raises(WorkerTimedOut):
            await slow.describe(source("import time; time.sleep(3600)"))
    assert slow.runs == 2


async def test_who_stops_waiting_does_not_end_it_for_others(user_code: UserCode) -> None:
    first = asyncio.ensure_future(user_code.describe(source(samples.MAKER)))
    second = asyncio.ensure_future(user_code.describe(source(samples.MAKER)))
    await asyncio.sleep(0)
    first.cancel()
    assert (await second).class_name == "LaterConfig"
    assert user_code.runs == 1


async def test_few_run_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    running = most = 0

    async def counted(*_: object, **__: object) -> object:
        nonlocal running, most
        running, most = running + 1, max(most, running + 1)
        await asyncio.sleep(0)
        running -= 1
        return {"class_name": None, "fields": []}

    monkeypatch.setattr("aviary_orchestration.user_code.service.run_confined", counted)
    user_code = UserCode()
    await asyncio.gather(*(user_code.describe(source(f"x = {number}")) for number in range(10)))
    assert most == AT_ONCE


@pytest.mark.parametrize(
    "answer",
    [None, [], {"class_name": 1, "fields": []}, {"class_name": "C", "fields": [{"name": "x"}]}, {"fields": "all"}],
)
async def test_an_answer_of_its_own_making_is_refused(monkeypatch: pytest.MonkeyPatch, answer: object) -> None:
    async def forged(*_: object, **__: object) -> object:
        return answer

    monkeypatch.setattr("aviary_orchestration.user_code.service.run_confined", forged)
    with pytest.raises(WorkerFailed, match="makes no sense"):
        await UserCode().describe(source("x = 1"))


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("x = 1\n  y", "Line 2: .*unexpected indent"),
        ("def f(:", "Line 1"),
        ("(" * 100_000, "Line 1: .*nested"),
        ("-" * 300_000 + "1", "not Python"),
        ("x = " + "+".join("1" * 200_000), "not Python"),
        ("x = '\0'", "not Python"),
        ("\ud800", "not Python"),
    ],
)
async def test_what_is_not_python_is_told(user_code: UserCode, text: str, complaint: str) -> None:
    with pytest.raises(Unprocessable, match=complaint):
        await user_code.check_syntax(text)


async def test_looking_at_syntax_runs_nothing(user_code: UserCode) -> None:
    await user_code.check_syntax("raise SystemExit\nimport no_such_module\nwhile True: pass")


IMPORTS = """
import os.path, subprocess, json
import ta.lib as talib, numpy.random
from hummingbot.a.b.c import d, OrderType
from hummingbot.core.data_type.common import OrderType as Again
from pydantic import ConfigDict, Field
from hummingbot.strategy_v2.controllers.controller_base import ControllerBase, ControllerConfigBase

try:
    import email_validator
except ImportError:
    email_validator = None

class Mixin(d.Base, talib.Other):
    pass

class Both(ControllerBase, Mixin):
    limit = talib.LIMIT + 1

class Odd(ControllerConfigBase):
    model_config = ConfigDict(arbitrary_types_allowed=True)
    controller_name: str = "odd"
    anything: d | None = None
    listed: list[d] = []
    default: d.Kind = d.Kind.FIRST
    same: bool = OrderType is Again
    windows: bool = subprocess._mswindows
    number: int = int(talib.LIMIT) + len(talib.LIST)
    text: str = f"{talib.NAME}"
    broken: bool = isinstance(1, d) or any(d) or issubclass(int, d)
    huge: float = float("inf")
    days: set[str] = {"b", "a"}
    made: str = Field(default_factory=lambda: "made")
"""


async def test_what_is_not_installed_is_stood_in_for(user_code: UserCode) -> None:
    found = await fields(user_code, source(IMPORTS, name="odd"))
    defaults = {name: field.default for name, field in found.items()}
    del defaults["total_amount_quote"], defaults["initial_positions"], defaults["controller_type"]
    assert defaults == {
        "id": None,
        "controller_name": "odd",
        "manual_kill_switch": False,
        "anything": None,
        "listed": [],
        "default": "hummingbot.a.b.c.d.Kind.FIRST",
        "same": True,
        "windows": False,
        "number": 0,
        "text": "ta.lib.NAME",
        "broken": False,
        "huge": "inf",
        "days": ["a", "b"],
        "made": "made",
    }


OPTIONAL = """
import httpx._decoders
from hummingbot.strategy_v2.controllers.controller_base import ControllerConfigBase

class Odd(ControllerConfigBase):
    controller_name: str = "odd"
    found: str = type(httpx._decoders.brotli).__name__
"""


async def test_libraries_still_learn_what_is_missing(user_code: UserCode) -> None:
    found = await fields(user_code, source(OPTIONAL, name="odd"))
    assert found["found"].default in ("NoneType", "module")
