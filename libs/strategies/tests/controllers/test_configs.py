"""What configs may say, and what is said about those that are wrong."""

from decimal import Decimal
from typing import Any

import pytest
from libs.strategies.tests.controllers.moments import controller
from pydantic import ValidationError

from aviary_strategies.actions import Barriers
from aviary_strategies.controllers.directional import DirectionalController
from aviary_strategies.controllers.spellings import PositionMode
from aviary_strategies.types import Feed, Market, OrderType, Side


def config_of(name: str, **config: Any) -> Any:
    return controller(name, **config).config


def refusal(name: str, **config: Any) -> tuple[str, str]:
    """Where and why."""
    with pytest.raises(ValidationError) as caught:
        controller(name, **config)
    error = caught.value.errors()[0]
    return ".".join(map(str, error["loc"])), error["msg"]


@pytest.mark.parametrize("spelling", ["0.01,0.02", " 0.01 , 0.02 ", [0.01, 0.02], ["0.01", "0.02"], (0.01, 0.02)])
def test_spreads_are_a_list_or_a_text_with_commas(spelling: object) -> None:
    assert config_of("pmm_simple", buy_spreads=spelling).buy_spreads == (0.01, 0.02)


@pytest.mark.parametrize("spelling", [None, ""])
def test_amounts_left_out_are_equal(spelling: object) -> None:
    shares = config_of("pmm_simple", buy_amounts_pct=spelling, sell_spreads="").shares
    assert [share.share for share in shares] == [Decimal("0.5"), Decimal("0.5")]


@pytest.mark.parametrize(
    "spelling", ["LIMIT_MAKER", "limit_maker", "OrderType.LIMIT_MAKER", 3, "3", OrderType.LIMIT_MAKER]
)
def test_an_enum_has_many_spellings(spelling: object) -> None:
    assert config_of("pmm_simple", take_profit_order_type=spelling).take_profit_order_type is OrderType.LIMIT_MAKER


def test_sides_and_position_modes_have_them_too() -> None:
    assert config_of("grid_strike", side="TradeType.SELL").side is Side.SELL
    assert config_of("grid_strike", side=1).side is Side.BUY
    assert config_of("grid_strike", position_mode="oneway").position_mode is PositionMode.ONEWAY


@pytest.mark.parametrize("spelling", [None, ""])
def test_no_order_type_is_the_market(spelling: object) -> None:
    assert config_of("pmm_simple", take_profit_order_type=spelling).take_profit_order_type is OrderType.MARKET


@pytest.mark.parametrize(
    "spelling", ["0.01,0.002", {"activation_price": "0.01", "trailing_delta": 0.002}, "0.01, 0.002"]
)
def test_a_trailing_stop_is_two_numbers_or_an_object(spelling: object) -> None:
    trailing = config_of("bollinger_v1", trailing_stop=spelling).trailing_stop
    assert (trailing.activation_price, trailing.trailing_delta) == (Decimal("0.01"), Decimal("0.002"))


@pytest.mark.parametrize("nothing", [None, ""])
def test_a_barrier_can_be_left_out(nothing: object) -> None:
    it = controller("bollinger_v1", stop_loss=nothing, take_profit=nothing, time_limit=nothing, trailing_stop=nothing)
    assert isinstance(it, DirectionalController)
    assert it.barriers == Barriers(take_profit_order_type=OrderType.LIMIT)


@pytest.mark.parametrize("nothing", [None, ""])
def test_candles_are_by_default_those_of_the_market_traded(nothing: object) -> None:
    it = controller("bollinger_v1", candles_connector=nothing, candles_trading_pair=nothing)
    assert it.feeds == (Feed(it.markets[0], "3m", 100),)
    other = controller("bollinger_v1", candles_connector="okx", candles_trading_pair="ETH-USDT", interval="1h")
    assert other.feeds == (Feed(Market("okx", "ETH-USDT"), "1h", 100),)


def test_money_is_decimal_to_the_digit_that_was_sent() -> None:
    assert config_of("pmm_simple", total_amount_quote=0.1).total_amount_quote == Decimal("0.1")
    assert config_of("pmm_simple", stop_loss="0.006").stop_loss == Decimal("0.006")


def test_defaults_are_read_like_what_is_sent() -> None:
    config = config_of("pmm")
    assert config.take_profit_order_type is OrderType.LIMIT_MAKER
    assert config.take_profit == Decimal("0.02")
    assert config_of("dman_v3").trailing_stop.trailing_delta == Decimal("0.005")
    assert config_of("xemm_multiple_levels").buy_levels_targets_amount[1] == (Decimal("0.006"), Decimal(20))


@pytest.mark.parametrize(
    ("name", "config", "where", "why"),
    [
        ("bollinger_v1", {"bb_lenght": 20}, "bb_lenght", "Extra inputs are not permitted"),
        ("bollinger_v1", {"stop_loss": -1}, "stop_loss", "greater than 0"),
        ("bollinger_v1", {"stop_loss": "NaN"}, "stop_loss", "finite number"),
        ("bollinger_v1", {"interval": "soon"}, "interval", "no interval of a fixed length"),
        ("bollinger_v1", {"trailing_stop": "0.01"}, "trailing_stop", "activation and delta with a comma"),
        ("bollinger_v1", {"take_profit_order_type": "often"}, "take_profit_order_type", "none of MARKET, LIMIT"),
        ("bollinger_v1", {"controller_type": "generic"}, "controller_type", "directional_trading"),
        ("bollinger_v1", {"total_amount_quote": 0}, "total_amount_quote", "greater than 0"),
        ("bollinger_v1", {"cooldown_time": 0}, "cooldown_time", "greater than 0"),
        ("pmm_simple", {"buy_spreads": "0.01,wide"}, "buy_spreads.1", "valid number"),
        ("pmm_simple", {"buy_amounts_pct": "1,2,3"}, "", "buy_amounts_pct has 3 amounts for 2 buy_spreads"),
        ("pmm_simple", {"buy_amounts_pct": "0,0", "sell_spreads": ""}, "", "a sum of 0"),
        ("dman_v3", {"dca_amounts_pct": "1"}, "", "dca_amounts_pct has 1 for 4 dca_spreads"),
        ("grid_strike", {"start_price": 1}, "", "start_price is not below end_price"),
        ("multi_grid_strike", {"grids": [{"grid_id": "a"}]}, "grids.0.start_price", "required"),
        ("pmm_mister", {"min_base_pct": 0.8}, "", "min_base_pct is above max_base_pct"),
        ("quantum_grid_allocator", {"portfolio_allocation": {"SOL": 2}}, "portfolio_allocation", "at most 1 together"),
        (
            "stat_arb",
            {"connector_pair_hedge": {"connector_name": "x"}},
            "connector_pair_hedge.trading_pair",
            "required",
        ),
    ],
)
def test_a_refusal_names_the_field_and_the_reason(name: str, config: dict[str, Any], where: str, why: str) -> None:
    loc, message = refusal(name, **config)
    assert loc == where
    assert why in message
