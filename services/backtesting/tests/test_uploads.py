"""Candles of one's own."""

import io
from typing import Any

import httpx
import polars as pl
import pytest

from .asking import BOLLINGER, END, RUNS, START, asked, done
from .market import Market, walk

CSV, PARQUET = "text/csv", "application/vnd.apache.parquet"
PATH = "/backtesting/candles"


def content(frame: pl.DataFrame, kind: str = CSV) -> bytes:
    buffer = io.BytesIO()
    if kind == CSV:
        frame.write_csv(buffer)
    else:
        frame.write_parquet(buffer)
    return buffer.getvalue()


async def send(api: httpx.AsyncClient, body: bytes, kind: str = CSV, **query: Any) -> httpx.Response:
    return await api.post(PATH, content=body, params=query, headers={"Content-Type": kind})


async def test_uploaded_candles_give_what_the_same_candles_of_the_store_give(
    api: httpx.AsyncClient, worker: httpx.AsyncClient, market: Market
) -> None:
    stored = market.stored["BTC-USDT"]
    digests = set()
    for kind in (CSV, PARQUET):
        for factor, name in ((1, "open_time"), (1000, "timestamp")):
            frame = stored.with_columns(pl.col("open_time") * factor).rename({"open_time": name}).reverse()
            answer = await send(api, content(frame, kind), kind)
            assert answer.status_code == 201, answer.text
            digests.add(answer.json()["digest"])
    (digest,) = digests
    market.funding = {}
    sent, kept = await done(api, candles=digest), await done(api)
    assert sent["digest"] == kept["digest"]
    assert sent["candles"] == digest
    market.stored = {}
    assert (await done(api, candles=digest))["digest"] == sent["digest"]


async def test_the_answer_tells_what_was_understood(api: httpx.AsyncClient) -> None:
    told = (await send(api, content(walk(START, 100)))).json()
    assert (told["rows"], told["interval_s"], told["start"]) == (100, 60, "2025-01-01T00:00:00Z")
    assert told["end"] == "2025-01-01T01:39:00Z"


GOOD = "open_time,open,high,low,close,volume\n0,1,2,0.5,1,7\n60,1,2,0.5,1,7\n"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (GOOD.replace("close", "last"), "lacks close"),
        (GOOD + "120,1,2,0.5,x,7\n", "no number"),
        (GOOD + "120,1,2,1.5,1,7\n", "beyond"),
        (GOOD + "120,1,2,-1,1,7\n", "not positive"),
        (GOOD + "60,1,2,0.5,1,7\n", "one before"),
        (GOOD + "150,1,2,0.5,1,7\n", "multiple"),
        (GOOD[:45], "candles"),
        ("", "cannot be read|can be read"),
    ],
)
async def test_bad_files_are_422_with_the_reason(api: httpx.AsyncClient, text: str, complaint: str) -> None:
    answer = await send(api, text.encode())
    assert answer.status_code == 422, answer.text
    assert any(each in answer.json()["detail"] for each in complaint.split("|")), answer.text


async def test_files_that_are_none_are_refused(api: httpx.AsyncClient, replica: Any) -> None:
    assert (await send(api, b"x", "text/html")).status_code == 400
    assert (await send(api, b"x", PARQUET)).status_code == 422
    async with replica(AVIARY_BACKTEST_UPLOAD_BYTES="50", AVIARY_BACKTEST_UPLOAD_ROWS="2") as small:
        assert (await send(small, GOOD.encode())).status_code == 413
    async with replica(AVIARY_BACKTEST_UPLOAD_ROWS="2") as small:
        assert (await send(small, (GOOD + "120,1,2,0.5,1,7\n").encode())).status_code == 413


async def test_candles_that_nobody_sent_fail_the_run(api: httpx.AsyncClient, worker: httpx.AsyncClient) -> None:
    answer = await api.post(RUNS, params={"wait": True}, json=asked(candles="0" * 32))
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_candles")


async def test_candles_cannot_be_made_shorter(api: httpx.AsyncClient, worker: httpx.AsyncClient) -> None:
    hours = walk(START - 86_400, 4 * 1440).filter(pl.col("open_time") % 3600 == 0)
    digest = (await send(api, content(hours))).json()["digest"]
    answer = await api.post(RUNS, params={"wait": True}, json=asked(candles=digest))
    assert (answer.status_code, "3600 s" in answer.json()["detail"]) == (400, True)
    hourly = {"config": BOLLINGER | {"interval": "1h"}, "resolution": "1h", "end_time": END}
    assert (await done(api, candles=digest, **hourly))["status"] == "completed"


async def test_the_least_used_are_forgotten(replica: Any, market: object, new_worker: Any) -> None:
    async with replica(AVIARY_BACKTEST_KEEP_UPLOADS_BYTES="9000") as api, new_worker():
        first, second = [(await send(api, content(walk(START, 100, seed)))).json()["digest"] for seed in (7, 8)]
        ranges = {"end_time": START + 5000, "min_coverage": 0}
        answers = [
            await api.post(RUNS, params={"wait": True}, json=asked(candles=digest, **ranges))
            for digest in (first, second)
        ]
        assert [answer.status_code for answer in answers] == [404, 200], [answer.text for answer in answers]
        for run in (await api.get(RUNS)).json()["data"]:
            await api.delete(f"{RUNS}/{run['run_id']}")
