"""What a worker asks market-data about a run's markets, how often, and what it makes of no answer."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from aviary_backtesting.candles.market_data import MarketData
from aviary_backtesting.engine.conditions import balances_of
from aviary_backtesting.engine.port import CandleRange
from aviary_backtesting.runs.spec import RunSpec
from aviary_backtesting.venue_terms import finding
from aviary_backtesting.venue_terms.finding import TermsFinder
from aviary_backtesting.venue_terms.funding import constant, missing_s
from aviary_backtesting.venue_terms.remembered import Remembered
from aviary_backtesting.venue_terms.terms import NO_TERMS
from aviary_common.errors import BadRequest, Unavailable
from aviary_common.timestamps import utc_now
from aviary_strategies.types import Market

DAY_S = 86_400.0
BEGIN = 1_735_689_600.0
HOUR_S = 3600.0
RULE = {
    "min_order_size": 0.001,
    "min_price_increment": 0.1,
    "min_base_amount_increment": 0.01,
    "min_notional_size": 5.0,
}
SETTLED = [(BEGIN + 8 * HOUR_S * count, 0.0001) for count in range(4)]


class Told(MarketData):
    """market-data, played: it answers, raises, or waits."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.funding: Sequence[tuple[float, float]] | Exception = SETTLED
        self.rule: Mapping[str, Any] | Exception = RULE
        self.gate = asyncio.Event()
        self.gate.set()

    async def funding_rates(
        self, connector_name: str, trading_pair: str, start_s: float, end_s: float
    ) -> Sequence[tuple[float, float]]:
        self.asked.append(f"funding {connector_name} {trading_pair}")
        await self.gate.wait()
        if isinstance(self.funding, Exception):
            raise self.funding
        return [each for each in self.funding if start_s <= each[0] <= end_s]

    async def trading_rule(self, connector_name: str, trading_pair: str) -> Mapping[str, Any]:
        self.asked.append(f"rules {connector_name} {trading_pair}")
        await self.gate.wait()
        if isinstance(self.rule, Exception):
            raise self.rule
        return self.rule


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def finder(told: Told) -> TermsFinder:
    return TermsFinder(told)


def spec(**more: Any) -> RunSpec:
    given: dict[str, Any] = {"start_s": BEGIN, "end_s": BEGIN + DAY_S, "mode": "honest"} | more
    return RunSpec(config={}, resolution="1m", costs={}, min_coverage=0.9, **given)


def ranges(connector: str = "binance_perpetual", *pairs: str, interval: str = "1m") -> list[CandleRange]:
    return [CandleRange(connector, pair, interval, BEGIN, BEGIN + DAY_S) for pair in pairs or ("BTC-USDT",)]


async def test_funding_and_rules_of_a_perpetual(finder: TermsFinder) -> None:
    (market,) = (found := await finder.of(spec(), ranges())).markets
    assert market.funding == tuple(SETTLED[:3]), "what is settled at the end is another run's"
    assert market.rules is not None
    assert market.rules.model_dump() == {
        "amount_step": 0.01,
        "price_step": 0.1,
        "min_amount": 0.001,
        "min_notional": 5.0,
    }
    assert found.warnings == ()
    assert found.told[0]["settlements"] == 3
    assert found.told[0]["funding_rate_sum"] == pytest.approx(0.0003)


async def test_a_settled_range_is_asked_about_once(finder: TermsFinder, told: Told) -> None:
    first = await finder.of(spec(), ranges())
    assert await finder.of(spec(), ranges()) == first
    assert told.asked == ["rules binance_perpetual BTC-USDT", "funding binance_perpetual BTC-USDT"]
    await finder.of(spec(start_s=BEGIN + 60), ranges())
    assert told.asked[2:] == ["funding binance_perpetual BTC-USDT"]


async def test_a_range_that_is_not_over_is_asked_about_again(finder: TermsFinder, told: Told) -> None:
    now = utc_now().timestamp()
    told.funding = [(now - 3600, 0.0001)]
    for _ in range(2):
        found = await finder.of(spec(start_s=now - 7200, end_s=now + 7200), ranges())
        assert found.warnings == ()
    assert told.asked.count("funding binance_perpetual BTC-USDT") == 2


async def test_spot_has_no_funding_and_compat_asks_nothing(finder: TermsFinder, told: Told) -> None:
    (market,) = (found := await finder.of(spec(), ranges("binance"))).markets
    assert (market.funding, found.warnings, told.asked) == (None, (), ["rules binance BTC-USDT"])
    assert await finder.of(spec(mode="compat"), ranges()) == NO_TERMS
    assert len(told.asked) == 1


async def test_what_is_only_watched_is_not_asked_about(finder: TermsFinder, told: Told) -> None:
    await finder.of(spec(), [*ranges(), *ranges("binance", "ETH-USDT", interval="3m")])
    assert not any("ETH" in each for each in told.asked)


async def test_two_markets_are_asked_about_at_once(finder: TermsFinder, told: Told) -> None:
    told.gate.clear()
    asking = asyncio.create_task(finder.of(spec(), ranges("binance_perpetual", "BTC-USDT", "ETH-USDT")))
    async with asyncio.timeout(5):
        while len(told.asked) < 4:
            await asyncio.sleep(0)
    told.gate.set()
    assert [each.trading_pair for each in (await asking).markets] == ["BTC-USDT", "ETH-USDT"]


@pytest.mark.parametrize("error", [BadRequest("It does not tell the past."), Unavailable("market-data")])
async def test_what_nobody_can_tell_is_a_warning_for_a_while(finder: TermsFinder, told: Told, error: Exception) -> None:
    told.funding = told.rule = error
    for _ in range(2):
        found = await finder.of(spec(), ranges())
        assert (found.markets[0].rules, found.markets[0].funding) == (None, None)
        rules, funding = found.warnings
        assert rules.startswith("The trading rules of BTC-USDT at binance_perpetual are not known (")
        assert funding.startswith("The funding of BTC-USDT at binance_perpetual is not known (")
    assert len(told.asked) == 2


async def test_an_answer_that_takes_too_long_is_not_waited_for(
    finder: TermsFinder, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "ASK_S", 0.01)
    told.gate.clear()
    found = await finder.of(spec(), ranges())
    assert all("has not answered" in warning for warning in found.warnings)
    assert len(found.warnings) == 2


async def test_a_hole_in_the_funding_is_told(finder: TermsFinder, told: Told) -> None:
    told.funding = SETTLED[:1]
    found = await finder.of(spec(end_s=BEGIN + 2 * DAY_S), ranges())
    assert found.warnings == ("Of the funding of BTC-USDT at binance_perpetual, 48 h are missing: none is paid there.",)
    told.funding = []
    assert (await finder.of(spec(start_s=BEGIN + DAY_S - 7 * HOUR_S), ranges())).warnings == ()


async def test_uploads_have_the_funding_that_the_request_names(finder: TermsFinder, told: Told) -> None:
    found = await finder.of(spec(candles="0" * 32), ranges())
    assert found.markets[0].funding is None
    assert "funding_rate" in found.warnings[0]
    named = await finder.of(spec(candles="0" * 32, funding_rate=0.0002), ranges())
    assert named.markets[0].funding == tuple((BEGIN + 8 * HOUR_S * count, 0.0002) for count in range(3))
    assert named.warnings == ()
    assert told.asked == ["rules binance_perpetual BTC-USDT"]
    spot = await finder.of(spec(funding_rate=0.0002), ranges("binance"))
    assert (spot.markets[0].funding, len(spot.warnings)) == (None, 1)


def test_a_constant_rate_is_settled_every_eight_hours_before_the_end() -> None:
    assert constant(0.1, BEGIN + 1, BEGIN + 8 * HOUR_S) == ()
    assert constant(0.1, BEGIN, BEGIN + 8 * HOUR_S + 1) == ((BEGIN, 0.1), (BEGIN + 8 * HOUR_S, 0.1))


def test_holes_are_what_is_too_long() -> None:
    assert missing_s(SETTLED, BEGIN, BEGIN + DAY_S) == 0
    assert missing_s([*SETTLED[:2], (BEGIN + 30 * HOUR_S, 0.0)], BEGIN, BEGIN + DAY_S + 7 * HOUR_S) == 22 * HOUR_S


def test_answers_are_remembered_for_a_time_and_not_too_many() -> None:
    now = 0.0
    kept: Remembered[str, int] = Remembered(2, lambda: now)
    kept.put("a", 1, keep_s=10)
    kept.put("b", 2, keep_s=100)
    assert kept.get("a") == 1
    kept.put("c", 3, keep_s=100)
    assert (kept.get("a"), kept.get("b"), kept.get("c")) == (1, None, 3)
    now = 10.0
    assert (kept.get("a"), kept.get("c")) == (None, 3)


def test_balances_are_everywhere_or_at_one_connector() -> None:
    markets = [Market("binance", "BTC-USDT"), Market("kraken", "BTC-USDT")]
    owned = balances_of({"USDT": "10.5", "kraken": {"BTC": "1", "USDT": "7"}, "okx": {"BTC": "3"}}, markets)
    assert owned == {
        ("binance", "USDT"): 10.5,
        ("kraken", "USDT"): 7.0,
        ("kraken", "BTC"): 1.0,
        ("okx", "BTC"): 3.0,
    }
