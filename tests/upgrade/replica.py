"""``python -m tests.upgrade.replica FOLDER`` migrates as a service does when it starts."""

import asyncio
import os
import sys
from pathlib import Path

from pydantic import SecretStr

from aviary_common.database.migrations import migrate

if __name__ == "__main__":
    asyncio.run(migrate(SecretStr(os.environ["AVIARY_DATABASE_URL"]), Path(sys.argv[1])))
