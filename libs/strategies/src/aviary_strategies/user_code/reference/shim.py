"""A controller of the reference engine as one of ours."""

from collections.abc import Mapping
from typing import Any, ClassVar, get_args

import numpy as np
from pydantic import BaseModel

from aviary_strategies.actions import Action, Create, Stop
from aviary_strategies.candles import Candles, Column
from aviary_strategies.context import Context
from aviary_strategies.controller import Controller, Kind
from aviary_strategies.types import Feed, Market
from aviary_strategies.user_code.errors import NoController, NotInBacktests
from aviary_strategies.user_code.reference import frames
from aviary_strategies.user_code.reference.config_bases import MarketDict
from aviary_strategies.user_code.reference.controller_bases import ControllerBase, DirectionalTradingControllerBase
from aviary_strategies.user_code.reference.driving import done
from aviary_strategies.user_code.reference.executor_actions import (
    CreateExecutorAction,
    StopExecutorAction,
    StoreExecutorAction,
)
from aviary_strategies.user_code.reference.executor_configs import ExecutorConfigBase
from aviary_strategies.user_code.reference.infos import ExecutorInfo, PositionSummary
from aviary_strategies.user_code.reference.known import Known
from aviary_strategies.user_code.reference.provider import Key, MarketDataProvider
from aviary_strategies.user_code.reference.translating import spec_of


class ReferenceController(Controller[Any]):
    """Runs the user's class ``given``.

    In compat it computes once, as the reference engine has it done. In honest that is enough where all of
    ``processed_data`` is a frame of features with a row for each candle; where it is not, it computes whenever a candle
    of a feed has closed, from the candles closed by then.
    """

    name: ClassVar[str] = "user's"
    kind: ClassVar[Kind] = "generic"
    config_class: ClassVar[type[BaseModel]] = BaseModel

    def __init__(self, config: Any, given: type[ControllerBase], *, is_compat: bool) -> None:
        super().__init__(config)
        self.name = config.controller_name  # type: ignore[misc]  # of this one alone
        if config.controller_type in get_args(Kind):
            self.kind = config.controller_type  # type: ignore[misc]
        self._given = given
        self._is_compat = is_compat
        self._provider = MarketDataProvider()
        self._theirs = self._made(self._provider)
        self._is_whole = False
        self._updated_s = -np.inf
        self._configs: list[ExecutorConfigBase] = []

    @property
    def markets(self) -> tuple[Market, ...]:
        """Those of ``update_markets``, its own one first."""
        own = Market(getattr(self.config, "connector_name", ""), getattr(self.config, "trading_pair", ""))
        named = self.config.update_markets(MarketDict())
        found = [own] if own.connector_name and own.trading_pair else []
        found += [Market(connector, pair) for connector, pairs in sorted(named.items()) for pair in sorted(pairs)]
        if not found:
            raise NoController("its config says no market: neither connector_name and trading_pair nor update_markets")
        return tuple(dict.fromkeys(found))

    @property
    def feeds(self) -> tuple[Feed, ...]:
        return tuple(
            Feed(Market(connector, pair), interval, records)
            for (connector, pair, interval), records in self._provider.feeds.items()
        )

    def features(self, candles: Mapping[Feed, Candles]) -> Mapping[str, Column]:
        self._provider.candles = _by_key(candles)
        if self._is_compat:
            return self._computed(self._theirs, self._provider, candles)
        provider = MarketDataProvider()
        theirs = self._made(provider)
        columns = self._computed(theirs, provider, candles)
        self._is_whole = bool(columns) and _is_all(theirs.processed_data, columns) and not provider.asked_for_now
        if not self._is_whole:
            return {}
        frame, first = theirs.processed_data["features"], next(iter(candles.values()))
        self._theirs.processed_data = Known(frame, first, self._provider.time)
        return columns

    def whole_features(self, candles: Mapping[Feed, Candles]) -> Mapping[str, Column]:
        """Those of candles of any length, by a controller that has seen none yet."""
        provider = MarketDataProvider()
        return self._computed(self._made(provider), provider, candles)

    def decide(self, context: Context) -> list[Action]:
        theirs, provider = self._theirs, self._provider
        provider.context = context
        theirs.executors_info = self._infos(context)
        theirs.positions_held = [
            PositionSummary(market, held) for market in self.markets if (held := context.held(market)).net_amount
        ]
        if not self._knows_now(context):
            return []
        return self._translated(theirs.determine_executor_actions() or [], context)

    def _made(self, provider: MarketDataProvider) -> ControllerBase:
        made = self._given(self.config, market_data_provider=provider, actions_queue=None)
        if isinstance(made, DirectionalTradingControllerBase):
            made.counts_both_sides = self._is_compat
        return made

    def _computed(
        self, theirs: ControllerBase, provider: MarketDataProvider, candles: Mapping[Feed, Candles]
    ) -> Mapping[str, Column]:
        """The features over all of the candles; nothing when they are no frame with a row for each."""
        first = next(iter(candles.values()), None)
        provider.candles, provider.context = _by_key(candles), None
        provider.first_s = float(first.ts[0]) if first is not None and len(first) else 0.0
        try:
            done(theirs.update_processed_data())
        except NotInBacktests:
            if self._is_compat or not provider.asked_for_now:
                raise
            return {}
        frame: Any = theirs.processed_data.get("features")
        if first is None or not frames.is_frame(frame) or len(frame) != len(first):
            return {}
        return frames.numbers_of(frame)

    def _knows_now(self, context: Context) -> bool:
        """Brings ``processed_data`` up to now; False while its features are not there yet."""
        data = self._theirs.processed_data
        if self._is_whole:
            row = dict(context.features)
            data.update(row)
            return all(row.get(name) == row.get(name) for name in ("signal", "reference_price", "spread_multiplier"))
        if self._is_compat:
            data.update(context.features)
            data.setdefault("signal", 0)
            data.setdefault("spread_multiplier", 1)
            if "reference_price" not in context.features:
                data["reference_price"] = context.price(self.markets[0])
            return True
        closed = self._newest_close(context.now_s)
        if closed > self._updated_s:
            done(self._theirs.update_processed_data())
            self._updated_s = closed
        return True

    def _newest_close(self, now_s: float) -> float:
        """Of any feed, now where there is none."""
        steps = [each.interval_s for each in self._provider.candles.values()]
        return max((now_s // step * step for step in steps), default=now_s)

    def _infos(self, context: Context) -> list[ExecutorInfo]:
        return [
            ExecutorInfo(view, self._configs[view.executor_id], context.price(view.market))
            for view in context.executors
        ]

    def _translated(self, asked: list[Any], context: Context) -> list[Action]:
        actions: list[Action] = []
        for each in asked:
            if isinstance(each, CreateExecutorAction):
                actions.append(Create(spec_of(each.executor_config, context)))
                self._configs.append(self._with_id(each.executor_config))
            elif isinstance(each, StopExecutorAction):
                if (number := self._number(each.executor_id)) is not None:
                    actions.append(Stop(number, keep_position=bool(each.keep_position)))
            elif not isinstance(each, StoreExecutorAction):
                raise NotInBacktests(f"{type(each).__name__} is no action of executors")
        return actions

    def _with_id(self, config: ExecutorConfigBase) -> ExecutorConfigBase:
        return config if config.id else config.model_copy(update={"id": str(len(self._configs))})

    def _number(self, executor_id: str) -> int | None:
        """The engine counts executors as they are created."""
        return next((number for number, each in enumerate(self._configs) if each.id == executor_id), None)


def _by_key(candles: Mapping[Feed, Candles]) -> dict[Key, Candles]:
    return {(*feed.market, feed.interval): each for feed, each in candles.items()}


def _is_all(processed_data: Mapping[str, Any], columns: Mapping[str, Column]) -> bool:
    """Whether nothing in it is of the last candle only."""
    return all(name == "features" or name in columns for name in processed_data)
