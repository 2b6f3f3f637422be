"""`aviary candles` against the real service."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import polars as pl
import pytest
from typer.testing import CliRunner, Result

from aviary_local import candles_api
from aviary_local.cli import app
from aviary_local.home import Home
from aviary_local.running_api import Api
from aviary_local.testing import Servers
from aviary_testing.apps import environment
from aviary_testing.sandbox import Sandbox
from aviary_testing.served import served
from aviary_testing.waiting import eventually

from ..venue import Venue

KLINES = "/api/v3/klines"


@pytest.fixture
async def service(
    servers: Servers, sandbox: Sandbox, venue: Venue, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[str]:
    """Its address; the command takes it for the running stack."""
    quick = {"AVIARY_CANDLES_DIR": str(folder), "AVIARY_CANDLE_DOWNLOAD_RETRY_S": "0.05"}
    async with served("aviary_market_data", environment(servers, "market-data", sandbox) | quick) as running:

        @contextmanager
        def logged_in(_home: Home, _environment: object, *, deadline_s: float) -> Iterator[Api]:
            login = login_of(servers)
            with httpx.Client(base_url=running.url, auth=login, timeout=deadline_s, trust_env=False) as client:
                yield Api(client)

        monkeypatch.setattr(candles_api, "running_api", logged_in)
        yield running.url


def login_of(servers: Servers) -> tuple[str, str]:
    return servers.secrets.username, servers.secrets.password


def aviary(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["candles", *arguments], env={"COLUMNS": "200"})


def day(ago: int) -> str:
    return (datetime.now(UTC) - timedelta(days=ago)).date().isoformat()


async def test_download_list_export_import(service: str, tmp_path: Path) -> None:
    done = aviary("download", "sandbox", "BTC-USDT", "--from", day(4), "--to", day(2))
    assert done.exit_code == 0, done.output
    assert "2,880 candles of sandbox BTC-USDT 1m are stored." in done.output
    listed = aviary("list")
    assert listed.exit_code == 0
    assert [word in listed.output for word in ("sandbox", "BTC-USDT", "2,880", f"{day(4)} 00:00")] == [True] * 4
    file = tmp_path / "btc.csv"
    written = aviary("export", "sandbox", "BTC-USDT", str(file), "--from", day(4), "--to", day(2))
    assert written.exit_code == 0, written.output
    assert pl.read_csv(file).height == 2880
    assert f"No candles from {day(2)} 00:00 to {day(2)} 00:01: not fetched." in written.output
    taken = aviary("import", "sandbox", "ETH-USDT", str(file))
    assert "Stored 2,880 candles of sandbox ETH-USDT 1m" in taken.output
    everything = aviary("export", "sandbox", "ETH-USDT", str(tmp_path / "eth.parquet"))
    assert everything.exit_code == 0, everything.output
    assert pl.read_parquet(tmp_path / "eth.parquet").equals(pl.read_csv(file, schema_overrides={"trades": pl.Int64}))


@pytest.mark.parametrize(("options", "state"), [([], "done"), (["--cancel-on-exit"], "cancelled")])
async def test_ctrl_c_leaves_the_download_running_unless_told_otherwise(
    service: str, servers: Servers, venue: Venue, monkeypatch: pytest.MonkeyPatch, options: list[str], state: str
) -> None:
    await venue.sandbox.control("POST", "/faults", kind="delay", path=KLINES, delay_ms=300, count=None)

    def interrupted(_stored: candles_api.StoredCandles, job: candles_api.Job) -> Iterator[candles_api.Job]:
        yield job
        raise KeyboardInterrupt

    monkeypatch.setattr(candles_api.StoredCandles, "follow", interrupted)
    stopped = aviary("download", "sandbox", "BTC-USDT", "--from", day(20), "--to", day(1), *options)
    assert stopped.exit_code == 130
    assert ("goes on without you" in stopped.output) == (state == "done")
    await venue.sandbox.control("DELETE", "/faults")

    async def has_ended_so() -> bool:
        (download,) = (await client.get("/market-data/downloads")).json()["data"]
        return bool(download["state"] == state)

    async with httpx.AsyncClient(base_url=service, auth=login_of(servers)) as client:
        await eventually(has_ended_so, within_s=60)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["download", "sandbx", "BTC-USDT"], "sandbx"),
        (["download", "sandbox", "BTC-USDT", "-i", "7m"], "no candles of 7m"),
        (["download", "sandbox", "BTC-USDT", "--from", "yesterday"], "start_time"),
        (["export", "sandbox", "BTC-USDT", "x.xls"], "must end in .csv or .parquet"),
        (["export", "sandbox", "BTC-USDT", "x.csv"], "No candles of BTC-USDT at sandbox are stored"),
    ],
)
async def test_what_cannot_be_done_is_one_sentence_and_exit_code_1(
    service: str, arguments: list[str], said: str
) -> None:
    refused = aviary(*arguments)
    assert refused.exit_code == 1
    assert said in refused.output
    assert "Traceback" not in refused.output
