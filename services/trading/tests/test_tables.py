from aviary_local.testing import Servers
from aviary_testing.schema import differences
from aviary_trading.fills import tables as fills
from aviary_trading.metadata import metadata
from aviary_trading.orders import tables as orders


def test_the_migrations_make_the_declared_tables(servers: Servers, api: object) -> None:
    assert {orders.order.name, fills.fill.name} <= set(metadata.tables)
    assert differences(servers.database_url("trading"), metadata) == []
