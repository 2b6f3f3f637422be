"""What a service's migrations make, compared with the tables that its code uses."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import MetaData, create_engine


def differences(database_url: str, metadata: MetaData) -> list[str]:
    """Between a migrated schema and the tables in code, one line each; import all modules with tables first."""
    engine = create_engine(database_url)
    try:
        with engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            return [repr(difference) for difference in compare_metadata(context, metadata)]
    finally:
        engine.dispose()
