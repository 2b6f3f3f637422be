"""The engine, for users' controllers too: their code decides behind walls, and what comes of it is computed here."""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from math import ceil
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Any, Final

import orjson

from aviary_backtesting.engine.conditions import balances_of, funding_of, rules_of
from aviary_backtesting.engine.outcome import StrategiesOutcome
from aviary_backtesting.engine.port import CandleRange, ControllerInfo, Engine, Given, Needs, Outcome, Stopped, Watch
from aviary_backtesting.runs.spec import RunSpec
from aviary_backtesting.user_controllers.confining import confined
from aviary_backtesting.user_controllers.settings import UserControllerSettings
from aviary_backtesting.venue_terms.terms import NO_TERMS, VenueTerms
from aviary_common.confined.limits import Limits
from aviary_common.errors import BadRequest, Unavailable, Unprocessable

if TYPE_CHECKING:
    from aviary_strategies.backtest.setup import Setup
    from aviary_strategies.candles import Candles
    from aviary_strategies.controller import Controller
    from aviary_strategies.user_code.claims import Decisions, Description
    from aviary_strategies.user_code.source import Source

REMEMBERED: Final = 256
AT_ONCE: Final = 2
PATIENCE_S: Final = 30.0
"""How long a look at the code waits for its turn."""
DECIDING: Final = 0.1
"""The share of the progress that is shown while the code decides: nobody knows how far it is."""


def never() -> bool:
    return False


class UserCodeEngine:
    """``bundled`` does all that names no source."""

    def __init__(self, bundled: Engine, settings: UserControllerSettings) -> None:
        self._bundled = bundled
        self._settings = settings
        self._known: OrderedDict[bytes, Description] = OrderedDict()
        self._turns = BoundedSemaphore(AT_ONCE)

    def is_compiled(self) -> bool:
        return self._bundled.is_compiled()

    def warm(self) -> None:
        self._bundled.warm()

    def controllers(self) -> Sequence[ControllerInfo]:
        return self._bundled.controllers()

    def needs(self, spec: RunSpec) -> Needs:
        if spec.source is None:
            return self._bundled.needs(spec)
        from aviary_strategies.backtest.run import needed
        from aviary_strategies.intervals import seconds_of
        from aviary_strategies.user_code.claims import NotBelieved

        try:
            wanted = needed(_setup(spec, _replay(spec, self._described(spec, never))))
        except NotBelieved as error:
            raise _not_believed(error) from error
        except ValueError as error:
            raise Unprocessable(str(error), code="bad_config") from error
        ranges = [CandleRange(*each.market, each.interval, each.start_s, each.end_s) for each in wanted]
        return Needs(ranges, sum(ceil((each.end_s - each.start_s) / seconds_of(each.interval)) for each in ranges))

    def run(self, spec: RunSpec, given: Given, watch: Watch) -> Outcome:
        if spec.source is None:
            return self._bundled.run(spec, given, watch)
        from aviary_strategies.backtest.run import run
        from aviary_strategies.errors import Cancelled, CannotRun, NoCandles
        from aviary_strategies.types import Market
        from aviary_strategies.user_code.claims import NotBelieved

        candles = {(Market(*each[:2]), each.interval): found for each, found in given.candles.items()}
        try:
            described = self._described(spec, watch.is_cancelled)
            asked = _setup(spec, _replay(spec, described), given.terms)
            decisions = self._decisions(spec, asked, candles, watch)
            setup = replace(asked, controller=_replay(spec, described, decisions))
            result = run(setup, candles, progress=_after(watch, DECIDING), is_cancelled=watch.is_cancelled)
        except NotBelieved as error:
            raise _not_believed(error) from error
        except Cancelled as error:
            raise Stopped from error
        except NoCandles as error:
            raise BadRequest(str(error), code="no_candles") from error
        except CannotRun as error:
            raise Unprocessable(str(error), code="cannot_run") from error
        result = replace(result, digest=_with_source(result.digest, _source(spec)))
        outcome = StrategiesOutcome(result, given.terms)
        outcome.warnings += decisions.warnings
        return outcome

    def _described(self, spec: RunSpec, is_cancelled: Callable[[], bool]) -> "Description":
        """Remembered by all that it depends on. Raises ``Unprocessable`` with what is wrong with the config."""
        from aviary_strategies.backtest.model import Mode
        from aviary_strategies.user_code.claims import Description
        from aviary_strategies.user_code.payloads import DESCRIBE, to_describe

        payload = to_describe(_source(spec), spec.config, Mode(spec.mode))
        key = hashlib.sha256(orjson.dumps(payload)).digest()
        found = self._known.get(key)
        if found is None:
            if not self._turns.acquire(timeout=PATIENCE_S):
                raise Unavailable("user code", "Too many controllers are being looked at; try again.")
            try:
                told = self._confined(DESCRIBE, payload, self._settings.describing_limits, is_cancelled)
            finally:
                self._turns.release()
            found = self._known[key] = Description.of(told)
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        if found.problems:
            raise Unprocessable(f"Not a valid config: {found.told_problems}", code="bad_config")
        return found

    def _decisions(self, spec: RunSpec, setup: "Setup", candles: "Mapping[Any, Candles]", watch: Watch) -> "Decisions":
        from aviary_strategies.user_code.claims import Decisions
        from aviary_strategies.user_code.payloads import PLAY, to_play

        payload = to_play(_source(spec), spec.config, setup, candles)
        told = self._confined(PLAY, payload, self._settings.limits, watch.is_cancelled)
        watch.progress(DECIDING)
        return Decisions.of(told)

    def _confined(self, task: str, payload: object, limits: Limits, is_cancelled: Callable[[], bool]) -> object:
        allow = self._settings.allow_unconfined_code
        return confined(task, payload, limits, allow_unconfined=allow, is_cancelled=is_cancelled)


def _source(spec: RunSpec) -> "Source":
    from aviary_strategies.user_code.source import Source

    assert spec.source is not None  # noqa: S101 - those without one are the bundled engine's
    return Source.from_json(spec.source)


def _replay(spec: RunSpec, described: "Description", decisions: "Decisions | None" = None) -> "Controller[Any]":
    from aviary_strategies.user_code.replay import Replay

    return Replay(spec.controller_name, described, decisions)


def _setup(spec: RunSpec, controller: "Controller[Any]", terms: VenueTerms = NO_TERMS) -> "Setup":
    from aviary_strategies.backtest.model import Costs, Mode
    from aviary_strategies.backtest.setup import Setup

    return Setup(
        controller=controller,
        start_s=spec.start_s,
        end_s=spec.end_s,
        resolution=spec.resolution,
        mode=Mode(spec.mode),
        costs=Costs(**spec.costs),
        rules=rules_of(terms),
        funding=funding_of(terms),
        balances=balances_of(spec.balances, controller.markets),
    )


def _with_source(digest: str, source: "Source") -> str:
    return hashlib.sha256(f"{digest} {source.digest}".encode()).hexdigest()[:32]


def _after(watch: Watch, share: float) -> Callable[[float], None]:
    return lambda fraction: watch.progress(share + (1 - share) * fraction)


def _not_believed(error: ValueError) -> Unprocessable:
    return Unprocessable(f"The controller cannot be run: {error}", code="user_code_answer")
