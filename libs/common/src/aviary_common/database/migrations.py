"""Alembic at start-up: each service's own schema, one replica at a time under an advisory lock."""

import asyncio
import time
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from pydantic import SecretStr
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from aviary_common import logs
from aviary_common.errors import Unavailable

log = logs.get(__name__)

WAIT_FOR_DATABASE_S: Final = 60
LOCK_TIMEOUT_S: Final = 3
"""A migration that waits for a table makes everybody wait behind it: it gives up soon, and tries again."""
_ENVIRONMENT: Final = Path(__file__).parent / "alembic"


def _configuration(versions: Path) -> Config:
    """Alembic's configuration for the migrations in one service's folder; no ini file is involved."""
    configuration = Config()
    configuration.set_main_option("script_location", str(_ENVIRONMENT))
    configuration.set_main_option("path_separator", "newline")
    configuration.set_main_option("version_locations", str(versions))
    return configuration


async def migrate(url: SecretStr, versions: Path) -> None:
    """Bring the schema to the newest revision; waits for a database that is still starting."""
    await asyncio.to_thread(_migrate, url, versions)


def _migrate(url: SecretStr, versions: Path) -> None:
    engine = create_engine(url.get_secret_value(), connect_args={"connect_timeout": 3})
    configuration = _configuration(versions)
    deadline = time.monotonic() + WAIT_FOR_DATABASE_S
    try:
        while True:
            try:
                with engine.connect() as connection:
                    connection.execute(text("select pg_advisory_lock(hashtext(current_schema() || '/migrations'))"))
                    connection.execute(text(f"set lock_timeout = '{LOCK_TIMEOUT_S}s'"))
                    connection.commit()
                    configuration.attributes["connection"] = connection
                    command.upgrade(configuration, "head")
                return
            except OperationalError as error:
                if time.monotonic() > deadline:
                    raise Unavailable("database") from error
                log.info("waiting to migrate", error=str(error.orig).strip())
                time.sleep(0.5)
    finally:
        engine.dispose()
