"""Rates between tokens, from the tickers of the chosen source or of a named connector."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from aviary_market_data.rates.config import RateConfig
from aviary_market_data.rates.market import Market, Rate
from aviary_market_data.tickers.service import Tickers
from aviary_messages.questions import GetRates, RatesAnswer

NOW: Final = 0.0


@dataclass(frozen=True, slots=True)
class Rates:
    """``found`` has every pair that was asked for; ``reasons`` those without a rate."""

    source: str
    quote_token: str
    age_s: float
    found: Mapping[str, Rate | None]
    reasons: Mapping[str, str]


class RateOracle:
    """``max_age_s`` is how old prices may be where nobody asks for rates of this moment."""

    def __init__(self, tickers: Tickers, config: RateConfig, max_age_s: float) -> None:
        self.config = config
        self._tickers = tickers
        self._max_age_s = max_age_s

    async def rates(self, pairs: Sequence[str], *, connector: str | None = None, now: bool = False) -> Rates:
        """``UnknownConnector`` for a connector that there is not; a pair without a rate is no error."""
        chosen = await self.config.current()
        source = (connector or chosen.source).lower()
        snapshot = await self._tickers.of(source, NOW if now else self._max_age_s)
        market = snapshot.market
        found = {pair: market.rate(pair, chosen.quote_token) for pair in pairs}
        reasons = {pair: _reason(market, source, pair) for pair, rate in found.items() if rate is None}
        return Rates(source, chosen.quote_token, _age_s(snapshot.read_at), found, reasons)

    async def answer(self, question: GetRates) -> RatesAnswer:
        told = await self.rates(question.pairs)
        return RatesAnswer(source=told.source, rates={pair: rate.value for pair, rate in told.found.items() if rate})

    async def everything(self) -> Rates:
        """Every token of the source against the quote token, where there is a way."""
        chosen = await self.config.current()
        snapshot = await self._tickers.of(chosen.source, self._max_age_s)
        market = snapshot.market
        pairs = (f"{token}-{chosen.quote_token}" for token in market.tokens if token != chosen.quote_token)
        found = {pair: rate for pair in pairs if (rate := market.rate(pair, chosen.quote_token)) is not None}
        return Rates(chosen.source, chosen.quote_token, _age_s(snapshot.read_at), found, {})


def _reason(market: Market, source: str, pair: str) -> str:
    unknown = [token for token in pair.split("-") if not market.lists(token)]
    if unknown:
        return f"{source} has no price of {' or '.join(unknown)}."
    base, quote = pair.split("-")
    return f"{source} trades no token against both {base} and {quote}."


def _age_s(read_at: float) -> float:
    return round(max(0.0, time.time() - read_at), 3)
