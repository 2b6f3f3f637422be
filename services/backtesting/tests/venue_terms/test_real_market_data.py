"""The real market-data and a sandbox exchange behind it: both sides mean the same."""

import time
from collections.abc import AsyncIterator

import pytest

from aviary_backtesting.candles.market_data import MarketData
from aviary_backtesting.engine.port import CandleRange
from aviary_backtesting.runs.spec import RunSpec
from aviary_backtesting.venue_terms.finding import TermsFinder
from aviary_backtesting.venue_terms.terms import VenueTerms
from aviary_local.testing import Servers
from aviary_testing.apps import environment
from aviary_testing.sandbox import Sandbox
from aviary_testing.served import served

HOUR_S = 3600


@pytest.fixture
async def finder(servers: Servers, sandbox: Sandbox) -> AsyncIterator[TermsFinder]:
    async with served("aviary_market_data", environment(servers, "market-data", sandbox)) as running:
        market_data = MarketData(running.url, servers.secrets.username, servers.secrets.password)
        yield TermsFinder(market_data)
        await market_data.close()


async def terms_of(finder: TermsFinder, connector_name: str, trading_pair: str = "BTC-USDT") -> VenueTerms:
    end_s = time.time() // HOUR_S * HOUR_S - HOUR_S
    start_s = end_s - 24 * HOUR_S
    spec = RunSpec({}, start_s, end_s, "1m", "honest", {}, 0.9)
    return await finder.of(spec, [CandleRange(connector_name, trading_pair, "1m", start_s, end_s)])


async def test_a_perpetual_a_spot_market_and_one_that_is_not_listed(finder: TermsFinder) -> None:
    perpetual, spot = await terms_of(finder, "sandbox_perpetual"), await terms_of(finder, "sandbox")
    for found in (perpetual, spot):
        assert found.warnings == ()
        rules = found.markets[0].rules
        assert rules is not None
        assert min(rules.amount_step, rules.price_step, rules.min_amount, rules.min_notional) > 0
    assert len(perpetual.markets[0].funding or ()) == 3
    assert spot.markets[0].funding is None
    rules_missing, funding_missing = (await terms_of(finder, "sandbox_perpetual", "NO-SUCH")).warnings
    assert "NO-SUCH" in rules_missing
    assert "NO-SUCH" in funding_missing
