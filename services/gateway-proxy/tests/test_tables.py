from aviary_gateway_proxy.amm import tables as amm
from aviary_gateway_proxy.clmm import tables as clmm
from aviary_gateway_proxy.metadata import metadata
from aviary_gateway_proxy.swaps import tables as swaps
from aviary_gateway_proxy.transactions import tables as transactions
from aviary_local.testing import Servers
from aviary_testing.schema import differences


def test_the_migrations_make_the_declared_tables(servers: Servers, running_api: object) -> None:
    tables = (transactions.transaction, swaps.swap, clmm.position, clmm.position_event, amm.amm_position)
    assert {table.name for table in tables} <= set(metadata.tables)
    assert differences(servers.database_url("gateway-proxy"), metadata) == []
