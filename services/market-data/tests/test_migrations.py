import importlib
import pkgutil

import httpx

import aviary_market_data
from aviary_local.testing import Servers
from aviary_market_data.metadata import metadata
from aviary_testing.schema import differences


async def test_the_migrations_make_the_tables_that_the_code_uses(api: httpx.AsyncClient, servers: Servers) -> None:
    for module in pkgutil.walk_packages(aviary_market_data.__path__, "aviary_market_data."):
        if module.name.endswith(".tables"):
            importlib.import_module(module.name)
    assert {"candle_series", "candle_download", "rate_source"} <= metadata.tables.keys()
    assert differences(servers.database_url("market-data"), metadata) == []
