"""Live candles: the venue's own, kept by its stream, without holes."""

import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from aviary_testing.waiting import eventually

from ..venue import Venue
from .conftest import Start

SYMBOL, PAIR = "ETHUSDT", "ETH-USDT"


async def candles(api: httpx.AsyncClient, connector: str = "sandbox", **wanted: Any) -> httpx.Response:
    body = {"connector_name": connector, "trading_pair": PAIR, "interval": "1m", "max_records": 50, **wanted}
    return await api.post("/market-data/candles", json=body)


async def is_live(api: httpx.AsyncClient, connector: str = "sandbox", **wanted: Any) -> bool:
    return (await candles(api, connector, **wanted)).headers["x-data-source"] == "feed"


async def theirs(venue: Venue, connector: str, interval: str, limit: int) -> list[dict[str, float]]:
    rows = await venue.ask("klines", connector, symbol=SYMBOL, interval=interval, limit=limit)
    return [
        {
            "timestamp": row[0] / 1000,
            "open": float(row[1]),
            "high": float(row[2]),
            "low": float(row[3]),
            "close": float(row[4]),
            "volume": float(row[5]),
            "quote_asset_volume": float(row[7]),
            "n_trades": row[8],
            "taker_buy_base_volume": float(row[9]),
            "taker_buy_quote_volume": float(row[10]),
        }
        for row in rows
    ]


@pytest.mark.parametrize("connector", ["sandbox", "sandbox_perpetual"])
async def test_live_candles_are_the_venues(replica: Start, venue: Venue, connector: str) -> None:
    api = await replica()
    assert (await candles(api, connector)).headers["x-data-source"] == "venue"
    await eventually(lambda: is_live(api, connector))

    async def are_the_venues() -> bool:
        answer = await candles(api, connector)
        return answer.headers["x-data-source"] == "feed" and answer.json() == await theirs(venue, connector, "1m", 50)

    await venue.trade_at(SYMBOL, "3123.45")
    await eventually(are_the_venues)
    assert float((await candles(api, connector)).headers["x-data-age"]) < 5


async def test_seconds_go_by_without_a_hole(replica: Start, venue: Venue) -> None:
    """Candles of a second close while the feed listens."""
    api = await replica()
    await eventually(lambda: is_live(api, interval="1s"))
    first = (await candles(api, interval="1s")).json()[-1]["timestamp"]

    async def has_gone_on() -> bool:
        answer = await candles(api, interval="1s")
        return answer.headers["x-data-source"] == "feed" and answer.json()[-1]["timestamp"] >= first + 5

    await eventually(has_gone_on)
    ours = (await candles(api, interval="1s")).json()
    times = [candle["timestamp"] for candle in ours]
    assert times == [times[0] + number for number in range(len(times))]
    closed = {candle["timestamp"]: candle for candle in await theirs(venue, "sandbox", "1s", 100)}
    assert ours[:-2] == [closed[time] for time in times[:-2]]


async def test_a_feed_grows_when_somebody_wants_more(replica: Start) -> None:
    api = await replica()
    await eventually(lambda: is_live(api))
    assert len((await candles(api, max_records=1200)).json()) == 1200
    await eventually(lambda: is_live(api, max_records=1200))
    assert len((await candles(api, max_records=1200)).json()) == 1200


async def test_both_forms_come_from_feeds(replica: Start) -> None:
    api = await replica()
    wanted = {"trading_pair": None, "trading_pairs": [PAIR, "BTC-USDT"], "intervals": ["1m", "5m"]}
    await eventually(lambda: is_live(api, **wanted))
    found = (await candles(api, **wanted)).json()
    assert {pair: {interval: len(rows) for interval, rows in each.items()} for pair, each in found.items()} == {
        PAIR: {"1m": 50, "5m": 50},
        "BTC-USDT": {"1m": 50, "5m": 50},
    }


async def test_a_venue_that_is_down_is_named_with_the_age_of_what_is_known(replica: Start, venue: Venue) -> None:
    api = await replica(AVIARY_CANDLES_STALE_S="0.2")
    await eventually(lambda: is_live(api))
    await venue.sandbox.control("POST", "/sockets/drop")
    await venue.count("*", kind="status_before", status=503)

    async def is_refused() -> bool:
        answer = await candles(api)
        return answer.status_code == 503 and "s old" in answer.json()["detail"]

    await eventually(is_refused)


async def test_what_closes_while_a_feed_listens_is_kept(replica: Start, venue: Venue, tmp_path: Path) -> None:
    """Of a series that is kept already, and without asking the venue again."""
    soon = {"AVIARY_CANDLES_FLUSH_S": "0.2", "AVIARY_CANDLES_SETTLE_S": "1"}
    api = await replica(AVIARY_CANDLES_DIR=str(tmp_path), **soon)
    await eventually(lambda: is_live(api, interval="1s"))

    async def stored() -> dict[str, Any] | None:
        series: list[dict[str, Any]] = (await api.get("/market-data/candles/catalogue")).json()["data"]
        return series[0] if series else None

    async def is_kept() -> bool:
        """A venue that has just been opened has no seconds to tell yet."""
        start = int(time.time()) - 4
        asked = {"connector_name": "sandbox", "trading_pair": PAIR, "interval": "1s", "start_time": start}
        assert (await api.post("/market-data/historical-candles", json=asked)).status_code == 200
        return await stored() is not None

    await eventually(is_kept)
    series = await stored()
    assert series
    before = series["rows"]
    calls = await venue.count("/api/v3/klines")

    async def has_grown() -> bool:
        series = await stored()
        return bool(series and series["rows"] >= before + 4)

    await eventually(has_grown)
    assert await venue.counted(calls) <= 2, "the first flushes may come before the feed has told the next candle"
    series = await stored()
    assert series
    assert len(series["ranges"]) == 1
    assert {gap["reason"] for gap in series["gaps"]} <= {"no trades"}, "a second may pass in which nobody trades"
