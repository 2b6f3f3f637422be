"""Fixtures for all packages: the real servers and a sandbox exchange, started once for each test process."""

from collections.abc import Iterator

import pytest

from aviary_local.testing import Servers
from aviary_local.testing import servers as start_servers
from aviary_testing.sandbox import Sandbox, running_sandbox


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """PostgreSQL, NATS and Valkey on ports of their own."""
    with start_servers(tmp_path_factory.mktemp("servers")) as running:
        yield running


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A sandbox exchange with its control plane."""
    with running_sandbox(tmp_path_factory.mktemp("sandbox")) as running:
        yield running
