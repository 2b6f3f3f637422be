"""A candle store of the test's own: nothing is catalogued, and its folder is empty."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import text

from aviary_common.cache import Cache, open_cache
from aviary_common.database import Database
from aviary_common.leases import Leases
from aviary_common.settings import DatabaseSettings
from aviary_common.timestamps import utc_now
from aviary_local.testing import Servers
from aviary_market_data.app import create
from aviary_market_data.candle_store.files import Files
from aviary_market_data.candle_store.service import CandleStore
from aviary_market_data.candle_store.settings import CandleSettings
from aviary_testing.apps import environment, running_app
from aviary_testing.sandbox import Sandbox

from ..venue import Venue

Replica = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]


@pytest.fixture(scope="session")
async def database(servers: Servers, api: httpx.AsyncClient) -> AsyncIterator[Database]:
    opened = Database(DatabaseSettings(database_url=SecretStr(servers.database_url("market-data"))))
    yield opened
    await opened.close()


@pytest.fixture
async def folder(tmp_path: Path, database: Database) -> AsyncIterator[Path]:
    async def empty() -> None:
        async with database.transaction() as connection:
            await connection.execute(text("delete from candle_series"))
            await connection.execute(text("delete from candle_download"))

    await empty()
    yield tmp_path / "candles"
    await empty()


@pytest.fixture
async def cache(servers: Servers) -> AsyncIterator[Cache]:
    opened = open_cache(SecretStr(servers.valkey_url))
    yield opened
    await opened.aclose()


@pytest.fixture
def new_store(folder: Path, database: Database, cache: Cache) -> Callable[[], CandleStore]:
    """Another replica's store on the same folder."""
    settings = CandleSettings(candles_dir=folder)

    def make() -> CandleStore:
        files = Files(folder)
        files.prepare()
        return CandleStore(files, database, Leases(cache, "test"), settings, utc_now)

    return make


@pytest.fixture
def store(new_store: Callable[[], CandleStore]) -> CandleStore:
    return new_store()


@pytest.fixture
def replica(servers: Servers, sandbox: Sandbox, venue: Venue, folder: Path) -> Replica:
    """Start a whole service on the folder; it looks for downloads all the time and repeats at once."""
    quick = {
        "AVIARY_CANDLES_DIR": str(folder),
        "AVIARY_CANDLE_DOWNLOAD_LOOK_S": "0.05",
        "AVIARY_CANDLE_DOWNLOAD_RETRY_S": "0.02",
        "AVIARY_LEASE_TTL_S": "3",
        "AVIARY_FEEDS_MAX": "0",
    }
    return lambda **variables: running_app(
        create, {**environment(servers, "market-data", sandbox), **quick, **variables}
    )


@pytest.fixture
async def stored_api(replica: Replica) -> AsyncIterator[httpx.AsyncClient]:
    async with replica() as client:
        assert (await client.get("/connectors/sandbox/trading-rules")).status_code == 200
        yield client
