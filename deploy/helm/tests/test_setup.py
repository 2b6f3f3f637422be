"""What the chart's Job does, with the variables that it is given, at a real PostgreSQL."""

import os
import subprocess
import sys

import psycopg
from deploy.helm.tests.rendering import of_kind, render

from aviary_local.testing import Servers
from aviary_local.topology import with_schema


def test_every_role_gets_its_schema_and_twice_changes_nothing(servers: Servers) -> None:
    (job,) = of_kind(render({}), "Job").values()
    (container,) = job["spec"]["template"]["spec"]["containers"]
    url = psycopg.conninfo.conninfo_to_dict(servers.database_url("trading").replace("+psycopg", ""))
    values = {**servers.secrets.values, "AVIARY_POSTGRES_HOST": "127.0.0.1", "AVIARY_POSTGRES_PORT": str(url["port"])}
    given = {each["name"]: values[each["name"]] for each in container["env"]}
    command = [sys.executable, *container["command"][1:]]
    for _ in range(2):
        subprocess.run(command, env={"PATH": os.environ["PATH"], **given}, check=True, timeout=60)
    for service in with_schema():
        with psycopg.connect(servers.database_url(service.name).replace("+psycopg", "")) as connection:
            assert connection.execute("select current_schema()").fetchone() == (service.schema,)


def test_a_variable_that_is_missing_stops_it() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "aviary_local.chart_setup"], env={"PATH": os.environ["PATH"]}, capture_output=True
    )
    assert done.returncode != 0
