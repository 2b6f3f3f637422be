import httpx

from aviary_local.testing import Servers
from aviary_orchestration.metadata import metadata
from aviary_testing.schema import differences


async def test_the_migrations_make_the_tables_that_the_code_uses(api: httpx.AsyncClient, servers: Servers) -> None:
    assert "bot_identity" in metadata.tables
    assert differences(servers.database_url("orchestration"), metadata) == []
