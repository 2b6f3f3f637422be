from decimal import Decimal

import pytest

from aviary_common.settings import SettingsError, load
from aviary_trading.paper.settings import START_BALANCES, PaperSettings


def test_the_usual_balances_are_hummingbots() -> None:
    assert load(PaperSettings).paper_balances == START_BALANCES


def test_other_balances_and_patience_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AVIARY_PAPER_BALANCES", '{"usdt": "10000.5", "BTC": 2}')
    monkeypatch.setenv("AVIARY_PAPER_LATENCY", '{"median_ms": 120, "seed": 7}')
    settings = load(PaperSettings)
    assert settings.paper_balances == {"USDT": Decimal("10000.5"), "BTC": Decimal(2)}
    assert (settings.paper_latency.lowest_ms, settings.paper_latency.median_ms) == (50, 120)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AVIARY_PAPER_BALANCES", '{"USDT": -1}'),
        ("AVIARY_PAPER_BALANCES", '{"no token": 1}'),
        ("AVIARY_PAPER_LOOK_EVERY_S", "0"),
        ("AVIARY_PAPER_LATENCY", '{"lowest_ms": 300}'),
    ],
)
def test_a_wrong_setting_stops_the_start_and_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=name):
        load(PaperSettings)
