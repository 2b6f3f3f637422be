import math

from hypothesis import given, settings
from hypothesis import strategies as st

from aviary_exchange.types import Candle
from aviary_market_data.candle_store.frames import COLUMNS, frame_of
from aviary_market_data.candle_store.grid import grid_of
from aviary_market_data.candle_store.resample import resampled

INTERVALS = ["3m", "5m", "15m", "30m", "1h", "2h", "4h", "6h", "8h", "12h", "1d", "3d", "1w", "1M"]
START = 1_709_160_000 // 86_400 * 86_400  # shortly before a leap day
numbers = st.decimals(min_value="0.01", max_value="99999", places=4)
optional = st.none() | numbers


@st.composite
def minutes(draw: st.DrawFn) -> list[Candle]:
    places = sorted(draw(st.sets(st.integers(0, 5000), min_size=1, max_size=60)))
    return [
        Candle(
            START + 60 * place,
            draw(numbers), draw(numbers), draw(numbers), draw(numbers), draw(numbers),
            draw(optional), draw(st.none() | st.integers(0, 500)), draw(optional), draw(optional),
        )
        for place in places
    ]  # fmt: skip


def naive(candles: list[Candle], interval: str) -> list[tuple[float | None, ...]]:
    buckets: dict[int, list[Candle]] = {}
    for candle in candles:
        buckets.setdefault(grid_of(interval).floor(candle.open_time_s), []).append(candle)
    rows = []
    for opened, inside in buckets.items():
        sums = []
        for name in ("volume", "quote_volume", "trades", "taker_buy_base", "taker_buy_quote"):
            values = [getattr(candle, name) for candle in inside]
            sums.append(None if None in values else float(sum(values)))
        highest, lowest = max(candle.high for candle in inside), min(candle.low for candle in inside)
        rows.append((opened, float(inside[0].open), float(highest), float(lowest), float(inside[-1].close), *sums))
    return rows


@settings(deadline=None)  # polars is imported by the first
@given(minutes(), st.sampled_from(INTERVALS))
def test_resampling_equals_adding_up_by_hand(candles: list[Candle], interval: str) -> None:
    frame = resampled(frame_of(candles), grid_of(interval))
    assert tuple(frame.columns) == COLUMNS
    assert frame.rows() == naive(candles, interval)


def test_sums_have_no_noise() -> None:
    tenths = [Candle(START + 60 * place, *[frame_number() for _ in range(5)]) for place in range(1440)]  # type: ignore[arg-type]
    (volume,) = resampled(frame_of(tenths), grid_of("1d"))["volume"]
    assert volume == 144.0
    assert math.fsum([0.1] * 1440) == 144.0 != sum([0.1] * 1440)


def frame_number() -> float:
    return 0.1


def test_nothing_makes_nothing() -> None:
    assert resampled(frame_of([]), grid_of("1M")).height == 0
