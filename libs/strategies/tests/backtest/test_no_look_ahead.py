"""What has not happened yet changes nothing: of any bundled controller, in honest mode."""

import numpy as np
import pytest
from libs.strategies.tests.backtest.bundled import TRADING, candles_for, setup_of

from aviary_strategies.backtest.result import Result
from aviary_strategies.backtest.run import run
from aviary_strategies.controllers.registry import names

MINUTES = 1_200
SHOCK = 800


def over_before(result: Result, row: int) -> dict[int, tuple[object, ...]]:
    """Everything of the executors that ended before a row, by number."""
    executors = result.executors
    names_of = [name for name in executors.columns if name not in {"number", "template"}]
    return {
        int(executors.number[place]): (
            executors.spec(place),
            *(executors.columns[name][place].item() for name in names_of),
        )
        for place in np.flatnonzero(executors.end_row < row)
    }


def test_every_bundled_controller_is_tried() -> None:
    assert set(TRADING) == set(names())


@pytest.mark.parametrize("name", sorted(TRADING))
def test_no_executor_knows_what_comes_after_its_end(name: str) -> None:
    setup = setup_of(name, MINUTES)
    calm = run(setup, candles_for(setup, MINUTES))
    shocked = run(setup, candles_for(setup, MINUTES, shocked_from=SHOCK))
    before = over_before(calm, SHOCK)
    assert over_before(shocked, SHOCK) == before
    assert (calm.series["equity"][:SHOCK] == shocked.series["equity"][:SHOCK]).all()
    assert np.abs(calm.series["equity"]).max() > 0, "a controller that never trades proves nothing"
    assert calm.digest != shocked.digest
