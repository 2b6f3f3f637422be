import httpx

import aviary_accounts.accounts.tables
import aviary_accounts.credentials.tables
import aviary_accounts.snapshots.tables  # noqa: F401
from aviary_accounts.metadata import metadata
from aviary_local.testing import Servers
from aviary_testing.schema import differences


async def test_the_migrations_make_the_tables_that_the_code_uses(api: httpx.AsyncClient, servers: Servers) -> None:
    assert differences(servers.database_url("accounts"), metadata) == []
