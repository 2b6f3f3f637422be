"""Runs a user's controller the way a backtest does: behind the real walls, and again outside."""

from typing import Any

from aviary_common.confined.limits import MEBIBYTE, Limits
from aviary_common.confined.run import run_confined
from aviary_strategies.backtest.model import Mode
from aviary_strategies.backtest.result import Result
from aviary_strategies.backtest.run import run
from aviary_strategies.backtest.setup import Setup
from aviary_strategies.user_code.claims import Decisions, Description
from aviary_strategies.user_code.payloads import DESCRIBE, PLAY, to_describe, to_play
from aviary_strategies.user_code.replay import Replay

from ..backtest.walks import candles_for
from . import samples

ROOMY = Limits(wall_s=110, cpu_s=100, memory_bytes=1024 * MEBIBYTE, answer_bytes=64 * MEBIBYTE)


async def described(text: str, config: dict[str, Any], mode: Mode = Mode.HONEST, name: str = "tide") -> Description:
    told = await run_confined(DESCRIBE, to_describe(samples.source(text, name), config, mode), ROOMY)
    return Description.of(told)


async def played(
    text: str,
    config: dict[str, Any],
    mode: Mode = Mode.HONEST,
    *,
    name: str = "tide",
    minutes: int = samples.MINUTES,
    limits: Limits = ROOMY,
) -> tuple[Result, Decisions]:
    found = await described(text, config, mode, name)
    assert not found.problems, found.problems
    setup = samples.setup(found, mode, minutes)
    candles = candles_for(setup)
    payload = to_play(samples.source(text, name), config, setup, candles)
    decisions = Decisions.of(await run_confined(PLAY, payload, limits))
    again = Setup(Replay(name, found, decisions), setup.start_s, setup.end_s, setup.resolution, mode)
    return run(again, candles), decisions
