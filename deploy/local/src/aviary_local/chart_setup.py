"""``python -m aviary_local.chart_setup``: the chart's Job, which makes one role and one schema for each service.

The names of its variables are those of ``secrets.env``; AVIARY_POSTGRES_HOST and AVIARY_POSTGRES_PORT say where.
"""

import os

from aviary_local.postgres_schemas import Schemas
from aviary_local.secrets import Secrets

if __name__ == "__main__":
    host, port = os.environ["AVIARY_POSTGRES_HOST"], int(os.environ["AVIARY_POSTGRES_PORT"])
    Schemas(port, Secrets(dict(os.environ)), host).ensure()
