import pytest

from tests.upgrade.expanding import objections


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE fill DROP COLUMN fee",
        "ALTER TABLE fill RENAME COLUMN fee TO cost",
        "ALTER TABLE fill RENAME TO execution",
        "ALTER TABLE fill ALTER COLUMN fee TYPE NUMERIC(60, 18)",
        "ALTER TABLE trading.fill ALTER COLUMN fee SET NOT NULL",
        "ALTER TABLE fill ADD COLUMN liquidity VARCHAR(8) NOT NULL",
        "ALTER TABLE fill ADD COLUMN token UUID DEFAULT gen_random_uuid()",
        "ALTER TABLE fill ADD CONSTRAINT positive CHECK (amount > 0)",
        "CREATE INDEX fill_pair ON fill (trading_pair)",
        "CREATE UNIQUE INDEX fill_pair ON trading.fill (trading_pair)",
        "DROP TABLE fill",
        "UPDATE fill SET fee = 0",
    ],
)
def test_what_stops_others_is_refused(statement: str) -> None:
    assert objections([statement], {"fill"})


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE fill ADD COLUMN liquidity VARCHAR(8)",
        "ALTER TABLE fill ADD COLUMN liquidity VARCHAR(8) DEFAULT 'taker' NOT NULL",
        "ALTER TABLE fill ADD CONSTRAINT positive CHECK (amount > 0) NOT VALID",
        "CREATE INDEX CONCURRENTLY fill_pair ON fill (trading_pair)",
        "CREATE TABLE note (id BIGINT NOT NULL)",
        "CREATE INDEX note_newest ON note (id)",
        "UPDATE alembic_version SET version_num='0004' WHERE alembic_version.version_num = '0003'",
    ],
)
def test_what_only_adds_may_pass(statement: str) -> None:
    assert objections([statement], {"fill"}) == []
