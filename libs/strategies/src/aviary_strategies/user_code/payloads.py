"""What the confined worker is asked."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from aviary_strategies.backtest.model import Costs, Funding, MarketRules, Mode
from aviary_strategies.backtest.setup import Setup
from aviary_strategies.controller import Controller
from aviary_strategies.types import Market
from aviary_strategies.user_code.columns import AllCandles, packed, packed_candles, unpacked
from aviary_strategies.user_code.source import Source

Json = dict[str, Any]

INSIDE = "aviary_strategies.user_code"
DESCRIBE = f"{INSIDE}.describing:describe"
PLAY = f"{INSIDE}.playing:play"


def to_describe(source: Source, config: Mapping[str, Any], mode: Mode) -> Json:
    return {"source": source.to_json(), "config": dict(config), "mode": mode.value}


def to_play(source: Source, config: Mapping[str, Any], setup: Setup, candles: AllCandles) -> Json:
    """``config`` is the user's own: the one of ``setup`` has been read already."""
    return {
        **to_describe(source, config, setup.mode),
        "start_s": setup.start_s,
        "end_s": setup.end_s,
        "resolution": setup.resolution,
        "costs": asdict(setup.costs),
        "rules": [[list(market), list(rules)] for market, rules in setup.rules.items()],
        "funding": [[list(market), packed(told.ts), packed(told.rate)] for market, told in setup.funding.items()],
        "balances": [[list(place), amount] for place, amount in setup.balances.items()],
        "candles": packed_candles(candles),
    }


def setup_of(payload: Mapping[str, Any], controller: Controller[Any]) -> Setup:
    return Setup(
        controller=controller,
        start_s=payload["start_s"],
        end_s=payload["end_s"],
        resolution=payload["resolution"],
        mode=Mode(payload["mode"]),
        costs=Costs(**payload["costs"]),
        rules={Market(*market): MarketRules(*rules) for market, rules in payload["rules"]},
        funding={Market(*market): Funding(unpacked(ts), unpacked(rate)) for market, ts, rate in payload["funding"]},
        balances={(connector, asset): amount for (connector, asset), amount in payload["balances"]},
    )
