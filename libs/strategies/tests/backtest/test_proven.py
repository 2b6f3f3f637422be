"""Compat claims the reference engine's numbers only where they can be shown."""

import pytest
from libs.strategies.tests.backtest.bundled import TRADING, setup_of

from aviary_strategies.backtest.model import Mode
from aviary_strategies.errors import CannotRun

PROVEN = {"bollinger_v1", "bollinger_v2", "macd_bb_v1", "pmm_simple"}


@pytest.mark.parametrize("name", sorted(PROVEN))
def test_the_base_rules_run_in_compat(name: str) -> None:
    assert setup_of(name, 100, Mode.COMPAT).mode is Mode.COMPAT


@pytest.mark.parametrize("name", sorted(set(TRADING) - PROVEN))
def test_others_are_refused_with_the_reason(name: str) -> None:
    with pytest.raises(CannotRun, match=f"compat cannot run {name}: .*Use honest"):
        setup_of(name, 100, Mode.COMPAT)


def test_a_spot_maker_that_rebalances_is_refused() -> None:
    with pytest.raises(CannotRun):
        setup_of("pmm_simple", 100, Mode.COMPAT, connector_name="binance")
