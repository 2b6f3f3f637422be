"""`python -m aviary_local.compose.provision`: one role and one schema for each service, made or brought up to date.

The one-shot container that every service waits for. It ends when PostgreSQL has them, and is tried again until then.
"""

from pathlib import Path

from aviary_local.compose import places
from aviary_local.postgres_schemas import Schemas
from aviary_local.secrets import accepted, parse
from aviary_local.topology import POSTGRES

GIVEN = Path("/run/secrets/aviary")

if __name__ == "__main__":
    Schemas(places.POSTGRES_PORT, accepted(parse(GIVEN.read_text())), POSTGRES.name).ensure()
