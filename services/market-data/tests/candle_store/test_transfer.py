"""Files in and out, and the catalogue."""

import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from aviary_market_data.candle_store.files import Files
from aviary_market_data.candle_store.frames import COLUMNS

from .conftest import Replica

START = 1_790_000_000 // 86_400 * 86_400
WHICH = {"connector_name": "sandbox", "trading_pair": "BTC-USDT", "interval": "1m"}
CSV, PARQUET = "text/csv", "application/vnd.apache.parquet"
HEADER = "timestamp,open,high,low,close,volume\n"


def minutes(first: int, after: int, price: float = 100.0) -> pl.DataFrame:
    return pl.DataFrame(
        [
            (START + 60 * place, price, price + 2, price - 2, price + 1, place / 7, None, place, 0.1, None)
            for place in range(first, after)
        ],
        schema={name: pl.Int64 if name in ("open_time", "trades") else pl.Float64 for name in COLUMNS},
        orient="row",
    )


def content(frame: pl.DataFrame, kind: str) -> bytes:
    buffer = io.BytesIO()
    if kind == CSV:
        frame.write_csv(buffer)
    else:
        frame.write_parquet(buffer)
    return buffer.getvalue()


async def send(api: httpx.AsyncClient, body: bytes | str, kind: str = CSV, **query: Any) -> httpx.Response:
    return await api.post(
        "/market-data/candles/import", params=WHICH | query, content=body, headers={"Content-Type": kind}
    )


async def export(api: httpx.AsyncClient, kind: str = PARQUET, **query: Any) -> tuple[pl.DataFrame, list[Any]]:
    name = "csv" if kind == CSV else "parquet"
    wanted = {**WHICH, "start_time": START, "end_time": START + 86_399, "format": name, **query}
    answer = await api.get("/market-data/candles/export", params=wanted)
    assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, kind), answer.text
    assert "BTC-USDT" in answer.headers["content-disposition"]
    read = pl.read_csv if kind == CSV else pl.read_parquet
    return read(answer.content), json.loads(answer.headers["X-Candle-Gaps"])


@pytest.mark.parametrize("sent", [CSV, PARQUET])
@pytest.mark.parametrize("fetched", [CSV, PARQUET])
async def test_what_is_imported_is_exported(stored_api: httpx.AsyncClient, sent: str, fetched: str) -> None:
    frame = minutes(0, 300)
    answer = await send(stored_api, content(frame.reverse(), sent), sent)
    assert answer.status_code == 200, answer.text
    assert (answer.json()["rows"], answer.json()["still_open"]) == (300, 0)
    back, gaps = await export(stored_api, fetched)
    assert_frame_equal(back, frame, check_dtypes=False, check_exact=True)
    assert gaps == [
        {
            "pair": "BTC-USDT",
            "interval": "1m",
            "start": START + 18_000,
            "end": START + 86_400,
            "reason": "not fetched",
        }
    ]


async def test_what_lies_between_imported_candles_is_not_fetched(stored_api: httpx.AsyncClient) -> None:
    await send(stored_api, content(pl.concat([minutes(0, 10), minutes(20, 30)]), CSV))
    _, gaps = await export(stored_api, end_time=START + 29 * 60)
    assert [(gap["start"], gap["end"], gap["reason"]) for gap in gaps] == [(START + 600, START + 1200, "not fetched")]


async def test_candles_that_are_there_win_unless_told_otherwise(stored_api: httpx.AsyncClient) -> None:
    await send(stored_api, content(minutes(0, 10), CSV))
    await send(stored_api, content(minutes(5, 15, price=500.0), CSV))
    kept, _ = await export(stored_api)
    assert kept["open"].to_list() == [100.0] * 10 + [500.0] * 5
    await send(stored_api, content(minutes(5, 15, price=900.0), CSV), overwrite=True)
    replaced, _ = await export(stored_api)
    assert replaced["open"].to_list() == [100.0] * 5 + [900.0] * 10


@pytest.mark.parametrize("factor", [1, 1000], ids=["seconds", "milliseconds"])
async def test_the_names_of_our_own_answers_are_taken(stored_api: httpx.AsyncClient, factor: int) -> None:
    lines = [f"{(START + 60 * place) * factor},1,2,0.5,1.5,7,8,9,3,4" for place in range(3)]
    names = (
        "timestamp,open,high,low,close,volume,quote_asset_volume,n_trades,taker_buy_base_volume,taker_buy_quote_volume"
    )
    assert (await send(stored_api, "\n".join([names, *lines]))).status_code == 200
    back, _ = await export(stored_api)
    assert back.rows() == [(START + 60 * place, 1.0, 2.0, 0.5, 1.5, 7.0, 8.0, 9, 3.0, 4.0) for place in range(3)]


GOOD = f"{START},1,2,0.5,1.5,7\n"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (HEADER + GOOD + f"{START + 60},x,2,1,1,7\n", "Line 3 has no number for open"),
        (HEADER + GOOD + f"{START + 60},,2,1,1,7\n", "Line 3 has no number for open"),
        (HEADER + GOOD + f"{START + 60},1,2,1,1,NaN\n", "Line 3 has no number for volume"),
        (HEADER + GOOD + f"{START + 60},1,2,1,1,7,8\n", "Line 3 has 7 fields instead of 6"),
        (HEADER + GOOD + f"{START + 61},1,2,1,1,7\n", "Line 3 is no time at which a candle of 1m opens"),
        (HEADER + GOOD + f"{START + 60}.5,1,2,1,1,7\n", "Line 3 opens between two seconds"),
        (HEADER + GOOD + f"{START + 60},1,0.9,0.5,1,7\n", "Line 3 has prices"),
        (HEADER + GOOD + f"{START + 60},0,2,0,1,7\n", "Line 3 has prices"),
        (HEADER + GOOD + f"{START + 60},1,2,1,1,-7\n", "Line 3 has a negative volume"),
        (HEADER + GOOD + GOOD, "Line 3 repeats the time"),
        (HEADER + GOOD + "-60,1,2,1,1,7\n", "Line 3 has no time that exists"),
        ("timestamp,open,high,low,close\n", "lacks volume"),
        ("open_time,timestamp,open,high,low,close,volume\n", "has a column twice"),
        ("", "not CSV"),
        ("\x00\xff", "lacks"),
    ],
)
async def test_a_bad_line_is_named_and_nothing_of_the_file_is_stored(
    stored_api: httpx.AsyncClient, folder: Path, body: str, said: str
) -> None:
    answer = await send(stored_api, body)
    assert answer.status_code == 422, answer.text
    assert said in answer.json()["detail"]
    assert (await stored_api.get("/market-data/candles/catalogue")).json()["data"] == []
    assert list((folder / ".arrivals").iterdir()) == []


async def test_a_file_that_is_no_parquet_is_refused(stored_api: httpx.AsyncClient) -> None:
    answer = await send(stored_api, b"PAR1 nothing PAR1", PARQUET)
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_file")


async def test_candles_that_are_open_are_left_out(stored_api: httpx.AsyncClient) -> None:
    now = int(datetime.now(UTC).timestamp()) // 60 * 60
    lines = [f"{at},1,2,0.5,1.5,7" for at in (now - 600, now, now + 60)]
    answer = await send(stored_api, HEADER + "\n".join(lines))
    assert (answer.json()["rows"], answer.json()["still_open"]) == (1, 2)


async def test_a_file_that_is_too_large_is_refused(replica: Replica, folder: Path) -> None:
    async with replica(AVIARY_CANDLE_IMPORT_BYTES="1000") as api:
        answer = await send(api, content(minutes(0, 300), CSV))
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
        assert list((folder / ".arrivals").iterdir()) == []


@pytest.mark.parametrize(
    ("query", "kind", "status"),
    [
        ({}, "text/plain", 400),
        ({"connector_name": "sandbx"}, CSV, 404),
        ({"trading_pair": "BTX-USDT"}, CSV, 404),
        ({"interval": "7m"}, CSV, 400),
        ({"trading_pair": "../../etc-x"}, CSV, 422),
    ],
)
async def test_what_cannot_be_imported_is_refused(
    stored_api: httpx.AsyncClient, query: dict[str, str], kind: str, status: int
) -> None:
    assert (await send(stored_api, content(minutes(0, 3), CSV), kind, **query)).status_code == status


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"trading_pair": "ETH-USDT"}, 404),
        ({"connector_name": "sandbx"}, 404),
        ({"interval": "xx"}, 400),
        ({"start_time": START, "end_time": START - 1}, 422),
        ({"format": "xls"}, 422),
        ({"interval": "1s", "start_time": 0}, 400),
    ],
)
async def test_what_cannot_be_exported_is_refused(
    stored_api: httpx.AsyncClient, query: dict[str, Any], status: int
) -> None:
    await send(stored_api, content(minutes(0, 3), CSV))
    wanted = {**WHICH, "start_time": START, **query}
    assert (await stored_api.get("/market-data/candles/export", params=wanted)).status_code == status


async def test_arrow_has_the_candles_and_a_digest_that_changes_with_them(stored_api: httpx.AsyncClient) -> None:
    await send(stored_api, content(minutes(0, 300), CSV))

    async def arrow(**query: Any) -> tuple[pl.DataFrame, httpx.Headers]:
        wanted = {**WHICH, "start_time": START, "end_time": START + 299 * 60, **query}
        answer = await stored_api.get("/internal/candles", params=wanted)
        assert answer.status_code == 200, answer.text
        return pl.read_ipc_stream(answer.content), answer.headers

    frame, headers = await arrow()
    assert_frame_equal(frame, minutes(0, 300), check_exact=True)
    assert json.loads(headers["X-Candle-Gaps"]) == []
    assert (await arrow())[1]["X-Candle-Digest"] == headers["X-Candle-Digest"]
    narrow, _ = await arrow(column=["open_time", "close"])
    assert_frame_equal(narrow, frame.select("open_time", "close"))
    fives, five_headers = await arrow(interval="5m")
    assert fives.height == 60
    assert five_headers["X-Candle-Digest"] != headers["X-Candle-Digest"]
    await send(stored_api, content(minutes(5, 6, price=900.0), CSV), overwrite=True)
    changed, changed_headers = await arrow()
    assert changed["open"][5] == 900.0
    assert changed_headers["X-Candle-Digest"] != headers["X-Candle-Digest"]


async def test_who_has_the_candles_already_is_not_sent_them_again(
    stored_api: httpx.AsyncClient, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await send(stored_api, content(minutes(0, 300), CSV))

    async def ask(digest: str | None = None, **query: Any) -> httpx.Response:
        wanted = {**WHICH, "start_time": START, "end_time": START + 299 * 60, **query}
        headers = {} if digest is None else {"If-None-Match": digest}
        return await stored_api.get("/internal/candles", params=wanted, headers=headers)

    for interval in ("1m", "5m"):
        digest = (await ask(interval=interval)).headers["X-Candle-Digest"]
        with monkeypatch.context() as patch:
            patch.setattr(Files, "read", None)
            known = await ask(digest, interval=interval)
        assert (known.status_code, known.content, known.headers["X-Candle-Digest"]) == (304, b"", digest)
        assert (await ask("another", interval=interval)).status_code == 200
        assert (await ask(digest, interval=interval, end_time=START + 60)).status_code == 200
    digest = (await ask()).headers["X-Candle-Digest"]
    await send(stored_api, content(minutes(5, 6, price=900.0), CSV), overwrite=True)
    assert (await ask(digest)).status_code == 200


async def test_the_internal_route_needs_the_login_and_is_not_documented(stored_api: httpx.AsyncClient) -> None:
    answer = await stored_api.get("/internal/candles", params={**WHICH, "start_time": START}, auth=None)
    assert answer.status_code == 401
    assert not any(path.startswith("/internal") for path in (await stored_api.get("/openapi.json")).json()["paths"])


async def test_the_catalogue_tells_ranges_sizes_and_gaps(stored_api: httpx.AsyncClient, folder: Path) -> None:
    for pair in ("BTC-USDT", "ETH-USDT"):
        await send(stored_api, content(pl.concat([minutes(0, 10), minutes(20, 30)]), CSV), trading_pair=pair)
    page = (await stored_api.get("/market-data/candles/catalogue", params={"limit": 1})).json()
    assert (page["total"], len(page["data"])) == (2, 1)
    (found,) = (await stored_api.get("/market-data/candles/catalogue?trading_pair=eth-usdt")).json()["data"]
    (path,) = (folder / "sandbox" / "ETH-USDT" / "1m").iterdir()
    assert (found["rows"], found["bytes"], found["gaps"]) == (20, path.stat().st_size, [])
    assert [datetime.fromisoformat(each["start"]).timestamp() for each in found["ranges"]] == [START, START + 1200]
    assert len(found["digest"]) == 32
