"""The formulas by numbers worked out by hand, and by a slow computation that is plainly right."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from aviary_orchestration.archives import performance
from aviary_orchestration.archives.curve import curve_of
from aviary_orchestration.archives.performance import Traded
from aviary_orchestration.archives.performance_schemas import PerformancePoint, PerformanceSummary
from aviary_orchestration.archives.trades import Fill, Market

from .conftest import Ask
from .hummingbot import BotDatabase

D = Decimal


def traded(bought: str, at: str, sold: str, sold_at: str, fees: str = "0") -> Traded:
    spent, received = D(bought) * D(at), D(sold) * D(sold_at)
    return Traded(D(bought), spent, D(sold), received, spent + received, D(fees))


def test_a_long_position_gains_when_the_price_rises() -> None:
    """Bought 3 at 100, sold 1 at 110: 10 % realised on one; two are left, 5 % up at 105."""
    long = traded("3", "100", "1", "110", fees="2")
    assert (long.buy_average, long.sell_average, long.net) == (D(100), D(110), D(2))
    assert performance.realized_pct(long) == D("0.1")
    assert performance.realized_quote(long) == D(10)
    assert performance.unrealized_pct(long, D(105)) == D("0.05")
    assert performance.unrealized_quote(long, D(105)) == D(10)
    assert performance.net_quote(long, D(105)) == D(18)


def test_a_short_position_gains_when_the_price_falls() -> None:
    """Sold 4 at 50, bought 1 at 40: 25 % realised on one; three are open, 20 % up at 40 and 20 % down at 60."""
    short = traded("1", "40", "4", "50", fees="1")
    assert (short.net, performance.realized_pct(short), performance.realized_quote(short)) == (D(-3), D("0.25"), D(10))
    assert performance.unrealized_pct(short, D(40)) == D("0.2")
    assert performance.unrealized_quote(short, D(40)) == D(30)
    assert performance.unrealized_quote(short, D(60)) == D(-30)
    assert performance.net_quote(short, D(40)) == D(39)


def test_without_purchases_nothing_is_realised_and_nothing_is_infinite() -> None:
    short = traded("0", "0", "2", "50", fees="1")
    assert (short.buy_average, performance.realized_pct(short), performance.realized_quote(short)) == (0, 0, 0)
    assert performance.unrealized_quote(short, D(45)) == D(10)
    assert performance.net_quote(short, D(45)) == D(9)


def test_without_sales_nothing_is_realised() -> None:
    long = traded("2", "50", "0", "0")
    assert (long.sell_average, performance.realized_pct(long), performance.realized_quote(long)) == (0, 0, 0)


def test_a_closed_position_has_nothing_unrealised() -> None:
    closed = traded("2", "50", "2", "60")
    assert (performance.unrealized_pct(closed, D(99)), performance.unrealized_quote(closed, D(99))) == (0, 0)
    assert performance.net_quote(closed, D(99)) == D(20)


def test_what_cost_nothing_has_no_percentage() -> None:
    gift = traded("2", "0", "1", "60")
    assert (performance.realized_pct(gift), performance.unrealized_pct(gift, D(60))) == (0, 0)


def test_sums_are_exact_where_whole_numbers_of_64_bits_end() -> None:
    """A pair quoted in something small: one fill is worth more millionths of millionths than 64 bits hold."""
    fills = [Fill("indodax", "BTC-IDR", "BUY", n, 1_500_000_000_000001, 3_000001, 1) for n in range(1000)]
    [*_, last] = curve_of(fills, {Market("indodax", "BTC-IDR"): 1000}, 10)
    assert last.traded.volume == D("1500000000.000001") * D("3.000001") * 1000
    assert last.traded.fees == D("0.001")


def test_points_are_thinned_evenly_and_end_with_the_last_of_each_market() -> None:
    busy, quiet = Market("a", "X-Y"), Market("b", "X-Y")
    fills = [Fill(*(quiet if n % 50 == 7 else busy), "BUY", n, 1_000_000, 1_000_000, 0) for n in range(1000)]
    points = list(curve_of(fills, {busy: 980, quiet: 20}, 12))
    assert [point.fill.timestamp for point in points if point.market == quiet] == [957]
    times = [point.fill.timestamp for point in points if point.market == busy]
    busy_times = [fill.timestamp for fill in fills if fill[:2] == busy]
    assert times == [*busy_times[99::100], busy_times[-1]]
    assert [point.fill.timestamp for point in points] == sorted(point.fill.timestamp for point in points)


def test_more_markets_than_points_have_one_point_each() -> None:
    markets = {Market("a", f"X{n}-Y"): 2 for n in range(5)}
    fills = [Fill(*market, "SELL", n, 1, 1, 0) for n in range(2) for market in markets]
    assert [point.fill.timestamp for point in curve_of(fills, markets, 3)] == [1] * 5


async def test_the_answer_has_every_column(ask: Ask, database: BotDatabase) -> None:
    database.fill("BUY", "100", "3", "0.3", timestamp=1)
    database.fill("SELL", "110", "1", "0.11", timestamp=2)
    answer = await ask("performance")
    assert answer["db_path"] == database.listed
    assert answer["performance_data"][1] == {
        "timestamp": 2,
        "price": 110,
        "amount": 1,
        "trade_type": "SELL",
        "trading_pair": "BTC-USDT",
        "connector_name": "binance",
        "buy_avg_price": 100,
        "buy_volume": 3,
        "sell_avg_price": 110,
        "sell_volume": 1,
        "net_position": 2,
        "realized_trade_pnl_pct": 0.1,
        "realized_trade_pnl_quote": 10,
        "unrealized_trade_pnl_pct": 0.1,
        "unrealized_trade_pnl_quote": 20,
        "fees_quote": 0.11,
        "net_pnl_quote": 29.59,
        "volume_quote": 110,
        "cum_volume_quote": 410,
    }
    assert answer["summary"] == {
        "total_trades": 2,
        "final_net_pnl_quote": 29.59,
        "final_realized_pnl_quote": 10,
        "final_unrealized_pnl_quote": 20,
        "total_fees_quote": 0.41,
        "total_volume_quote": 410,
        "final_net_position": 2,
        "trading_pairs": ["BTC-USDT"],
        "connector_names": ["binance"],
    }


async def test_the_summary_adds_up_what_each_pair_and_connector_ended_with(ask: Ask, database: BotDatabase) -> None:
    database.fill("BUY", "100", "1", "1", timestamp=1)
    database.fill("SELL", "10", "2", "0.5", timestamp=2, symbol="SOL-USDT")
    database.fill("SELL", "130", "1", "1", timestamp=3, market="kraken")
    database.fill("SELL", "120", "1", "1", timestamp=4)
    database.fill("SELL", "8", "2", "0.5", timestamp=5, symbol="SOL-USDT")
    summary = (await ask("performance"))["summary"]
    assert summary["final_realized_pnl_quote"] == 20
    assert summary["final_unrealized_pnl_quote"] == 4
    assert summary["total_fees_quote"] == 4
    assert summary["final_net_pnl_quote"] == 20
    assert summary["total_volume_quote"] == 386
    assert summary["final_net_position"] == -5
    assert summary["trading_pairs"] == ["BTC-USDT", "SOL-USDT"]
    assert summary["connector_names"] == ["binance", "kraken"]


async def test_fills_are_taken_by_their_time_not_their_place(ask: Ask, database: BotDatabase) -> None:
    for time in (3, 1, 2):
        database.fill("BUY", str(time), "1", timestamp=time)
    assert [point["timestamp"] for point in (await ask("performance"))["performance_data"]] == [1, 2, 3]


async def test_thinning_does_not_change_the_summary(ask: Ask, database: BotDatabase) -> None:
    rows = [{"timestamp": n, "trade_type": ("BUY", "SELL")[n % 3 == 0], "price": 10**8 + n} for n in range(500)]
    database.add_all("TradeFill", rows)
    whole, thin = await ask("performance"), await ask("performance", max_points=10)
    assert thin["summary"] == whole["summary"]
    assert (len(whole["performance_data"]), len(thin["performance_data"])) == (500, 9)
    assert thin["performance_data"][-1] == whole["performance_data"][-1]


async def test_a_bot_that_never_traded_has_zeros(ask: Ask, database: BotDatabase) -> None:
    answer = await ask("performance")
    assert answer["performance_data"] == []
    assert {str(value) for value in answer["summary"].values()} == {"0", "0.0", "[]"}


def literally(fills: list[Fill]) -> list[dict[str, Any]]:
    """Every row from all rows before it, by the book: pct first, and 0 for whatever divides by 0."""

    def ratio(over: Fraction, under: Fraction) -> Fraction:
        return over / under if under else Fraction(0)

    rows = []
    for place, fill in enumerate(fills):
        until = [each for each in fills[: place + 1] if each[:2] == fill[:2]]
        amounts = {side: Fraction(0) for side in ("BUY", "SELL", "RANGE")}
        values = dict(amounts)
        for each in until:
            amounts[each.trade_type] += Fraction(each.amount, 10**6)
            values[each.trade_type] += Fraction(each.price * each.amount, 10**12)
        bought, sold, price = amounts["BUY"], amounts["SELL"], Fraction(fill.price, 10**6)
        buy_avg, sell_avg = ratio(values["BUY"], bought), ratio(values["SELL"], sold)
        realized_pct = ratio(sell_avg - buy_avg, buy_avg) if sold else Fraction(0)
        net = bought - sold
        open_pct = ratio(price - buy_avg, buy_avg) if net > 0 else ratio(sell_avg - price, sell_avg) if net < 0 else 0
        realized = realized_pct * min(bought, sold) * buy_avg
        unrealized = open_pct * abs(net) * (buy_avg if net > 0 else sell_avg)
        fees = sum(Fraction(each.fee_quote, 10**6) for each in until)
        rows.append(
            {
                "market": fill[:2],
                "buy_avg_price": buy_avg,
                "sell_avg_price": sell_avg,
                "net_position": net,
                "realized_trade_pnl_pct": realized_pct,
                "realized_trade_pnl_quote": realized,
                "unrealized_trade_pnl_pct": open_pct,
                "unrealized_trade_pnl_quote": unrealized,
                "net_pnl_quote": realized + unrealized - fees,
                "cum_volume_quote": sum(values.values()),
                "fees": fees,
            }
        )
    return rows


def close(found: float, expected: Fraction) -> bool:
    return abs(Fraction(found) - expected) <= max(abs(expected), 1) * Fraction(1, 10**12)


fills_strategy = st.lists(
    st.builds(
        Fill,
        connector_name=st.sampled_from(["a", "b"]),
        trading_pair=st.sampled_from(["X-Y", "Z-Y"]),
        trade_type=st.sampled_from(["BUY", "SELL", "RANGE"]),
        timestamp=st.just(0),
        price=st.integers(0, 10**12),
        amount=st.integers(0, 10**10),
        fee_quote=st.integers(-(10**8), 10**8),
    ),
    max_size=25,
)


@given(fills_strategy)
def test_every_point_equals_the_literal_formulas(fills: list[Fill]) -> None:
    fills = [fill._replace(timestamp=time) for time, fill in enumerate(fills)]
    markets: dict[Market, int] = {}
    for fill in fills:
        market = Market(fill.connector_name, fill.trading_pair)
        markets[market] = markets.get(market, 0) + 1
    points = list(curve_of(fills, markets, 1000))
    expected = literally(fills)
    assert len(points) == len(expected)
    for point, row in zip(points, expected, strict=True):
        shown = PerformancePoint.of(point)
        for name in row.keys() - {"market", "fees"}:
            assert close(getattr(shown, name), row[name]), name
    summary = PerformanceSummary.of(len(fills), {point.market: point for point in points})
    ends = {row["market"]: row for row in expected}.values()
    assert close(float(summary.final_net_pnl_quote), Fraction(sum(row["net_pnl_quote"] for row in ends)))
    assert close(float(summary.total_fees_quote), Fraction(sum(row["fees"] for row in ends)))
    assert close(float(summary.total_volume_quote), Fraction(sum(row["cum_volume_quote"] for row in ends)))
    assert close(float(summary.final_net_position), Fraction(sum(row["net_position"] for row in ends)))
