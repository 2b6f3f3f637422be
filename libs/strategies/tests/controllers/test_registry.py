from typing import get_args

import pytest
from pydantic import ValidationError

from aviary_strategies.controllers.bollinger_v1 import BollingerV1
from aviary_strategies.controllers.registry import (
    BY_NAME,
    UnknownController,
    controller_named,
    names,
    template_of,
)


def test_all_nineteen_are_there_and_run_with_nothing_but_their_name() -> None:
    assert len(names()) == 19
    for name in names():
        it = controller_named({"controller_name": name})
        assert it.name == it.config.controller_name == name
        assert it.kind == it.config.controller_type
        assert it.markets


def test_each_config_admits_its_own_name_and_kind_only() -> None:
    for name, each in BY_NAME.items():
        fields = each.config_class.model_fields
        assert get_args(fields["controller_name"].annotation) == (name,)
        assert get_args(fields["controller_type"].annotation) == (each.kind,)


def test_a_dumped_config_is_read_back_the_same() -> None:
    for name in names():
        it = controller_named({"controller_name": name})
        assert controller_named(it.config.model_dump(mode="json")).config == it.config


@pytest.mark.parametrize("name", ["bollinger_v1", "directional_trading.bollinger_v1", " bollinger_v1 "])
def test_a_controller_is_found_by_its_name_with_or_without_its_type(name: str) -> None:
    assert isinstance(controller_named({"controller_name": name, "id": "x"}), BollingerV1)


def test_a_wrong_type_is_refused() -> None:
    with pytest.raises(ValidationError, match="controller_type"):
        controller_named({"controller_name": "market_making.bollinger_v1"})


@pytest.mark.parametrize(
    ("name", "nearest"), [("bolinger_v1", "bollinger_v1"), ("generic.pmm_mistr", "pmm_mister"), ("zzz", None)]
)
def test_an_unknown_name_is_answered_with_the_nearest_one(name: str, nearest: str | None) -> None:
    with pytest.raises(UnknownController) as caught:
        controller_named({"controller_name": name})
    assert caught.value.name == name.rpartition(".")[2]
    assert caught.value.nearest == nearest


def test_a_config_without_a_name_says_so() -> None:
    with pytest.raises(ValidationError, match="controller_name"):
        controller_named({"connector_name": "binance"})


def test_a_template_tells_each_fields_type_default_and_whether_it_may_change() -> None:
    fields = {field.name: field for field in template_of("dman_maker_v2")}
    assert list(fields)[:3] == ["id", "controller_name", "controller_type"]
    refresh, spreads, stop = (fields[name] for name in ("top_executor_refresh_time", "dca_spreads", "stop_loss"))
    assert (refresh.kind, refresh.default, refresh.is_updatable) == ("number|null", None, True)
    assert (spreads.kind, spreads.default, spreads.is_updatable) == ("array", ["0.01", "0.02", "0.04", "0.08"], False)
    assert (stop.default, stop.is_required, stop.is_updatable) == ("0.03", False, True)
    with pytest.raises(UnknownController):
        template_of("nothing")
