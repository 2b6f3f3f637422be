"""Finds out what the markets of a run ask for. What nobody can tell is missing in the result, which then says so."""

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from typing import Final, NamedTuple, TypeVar

from aviary_backtesting.candles.market_data import MarketData
from aviary_backtesting.engine.port import CandleRange
from aviary_backtesting.runs.spec import RunSpec
from aviary_backtesting.venue_terms.funding import Settled, constant, is_perpetual, missing_s
from aviary_backtesting.venue_terms.remembered import Remembered
from aviary_backtesting.venue_terms.terms import NO_TERMS, MarketTerms, Rules, VenueTerms
from aviary_common import logs
from aviary_common.errors import AviaryError, DeadlineExceeded
from aviary_common.timestamps import utc_now

log = logs.get(__name__)
T = TypeVar("T")

ASK_S: Final = 10.0
"""A year of funding is a dozen pages of a venue's."""
RULES_KEPT_S: Final = 600.0
FUNDING_KEPT_S: Final = 24 * 3600.0
FAILURE_KEPT_S: Final = 30.0
"""The next run does not wait for it again."""
SETTLED_S: Final = 3600.0
"""What lies so far back does not change any more."""
MARKETS_KEPT: Final = 256
RANGES_KEPT: Final = 32
NAMES: Final[Mapping[str, str]] = {
    "amount_step": "min_base_amount_increment",
    "price_step": "min_price_increment",
    "min_amount": "min_order_size",
    "min_notional": "min_notional_size",
}
"""The engine's and market-data's."""


class FoundRules(NamedTuple):
    rules: Rules | None
    warning: str | None = None


class FoundFunding(NamedTuple):
    settled: Settled | None
    warning: str | None = None


class TermsFinder:
    """Never raises what market-data refuses, or that it is away."""

    def __init__(self, market_data: MarketData) -> None:
        self._market_data = market_data
        self._rules: Remembered[tuple[str, str], FoundRules] = Remembered(MARKETS_KEPT)
        self._funding: Remembered[tuple[str, str, float, float], FoundFunding] = Remembered(RANGES_KEPT)

    async def of(self, spec: RunSpec, ranges: Sequence[CandleRange]) -> VenueTerms:
        """Of the markets that are gone through at the run's resolution; compat knows none."""
        if spec.mode != "honest":
            return NO_TERMS
        markets = dict.fromkeys(each[:2] for each in ranges if each.interval == spec.resolution)
        found = await asyncio.gather(*(self._market(spec, *market) for market in markets))
        warnings = dict.fromkeys(warning for _, told in found for warning in told if warning)
        return VenueTerms(markets=tuple(terms for terms, _ in found), warnings=tuple(warnings))

    async def _market(
        self, spec: RunSpec, connector_name: str, trading_pair: str
    ) -> tuple[MarketTerms, tuple[str | None, ...]]:
        rules, funding = await asyncio.gather(
            self._rules_of(connector_name, trading_pair), self._funding_of(spec, connector_name, trading_pair)
        )
        terms = MarketTerms(
            connector_name=connector_name, trading_pair=trading_pair, rules=rules.rules, funding=funding.settled
        )
        return terms, (rules.warning, funding.warning)

    async def _rules_of(self, connector_name: str, trading_pair: str) -> FoundRules:
        key = connector_name, trading_pair
        found = self._rules.get(key)
        if found is not None:
            return found
        try:
            told = await _in_time(self._market_data.trading_rule(connector_name, trading_pair))
        except AviaryError as error:
            log.info("trading rules are not known", connector=connector_name, pair=trading_pair, error=str(error))
            why = f"The trading rules of {trading_pair} at {connector_name} are not known ({_reason(error)}): "
            found = FoundRules(None, f"{why}amounts and prices are not rounded, and no order is too small.")
        else:
            found = FoundRules(Rules(**{ours: told[theirs] for ours, theirs in NAMES.items()}))
        self._rules.put(key, found, RULES_KEPT_S if found.rules else FAILURE_KEPT_S)
        return found

    async def _funding_of(self, spec: RunSpec, connector_name: str, trading_pair: str) -> FoundFunding:
        if not is_perpetual(connector_name):
            unused = f"{trading_pair} at {connector_name} is no perpetual: funding_rate does not count there."
            return FoundFunding(None, None if spec.funding_rate is None else unused)
        if spec.funding_rate is not None:
            return FoundFunding(constant(spec.funding_rate, spec.start_s, spec.end_s))
        if spec.candles is not None:
            return FoundFunding(
                None, "Uploaded candles come without funding: none is paid unless funding_rate says so."
            )
        key = connector_name, trading_pair, spec.start_s, spec.end_s
        found = self._funding.get(key)
        if found is not None:
            return found
        found = await self._settled(*key)
        if found.settled is None:
            self._funding.put(key, found, FAILURE_KEPT_S)
        elif spec.end_s < utc_now().timestamp() - SETTLED_S:
            self._funding.put(key, found, FUNDING_KEPT_S)
        return found

    async def _settled(self, connector_name: str, trading_pair: str, start_s: float, end_s: float) -> FoundFunding:
        of_what = f"funding of {trading_pair} at {connector_name}"
        until_s = min(end_s, utc_now().timestamp())
        try:
            told = await _in_time(self._market_data.funding_rates(connector_name, trading_pair, start_s, until_s))
        except AviaryError as error:
            log.info("funding is not known", connector=connector_name, pair=trading_pair, error=str(error))
            return FoundFunding(None, f"The {of_what} is not known ({_reason(error)}): none is paid.")
        missing = missing_s(told, start_s, until_s)
        warning = f"Of the {of_what}, {missing / 3600:.0f} h are missing: none is paid there." if missing else None
        return FoundFunding(tuple((at, rate) for at, rate in told if at < end_s), warning)


async def _in_time(asking: Awaitable[T]) -> T:
    try:
        async with asyncio.timeout(ASK_S):
            return await asking
    except TimeoutError as error:
        raise DeadlineExceeded(f"market-data has not answered within {ASK_S:.0f} s") from error


def _reason(error: AviaryError) -> str:
    return error.detail.rstrip(".")
