from collections.abc import AsyncIterator, Callable
from itertools import count

import pytest

from aviary_local.testing import Servers

from .house import House, running_house


@pytest.fixture(scope="session")
async def house(servers: Servers) -> AsyncIterator[House]:
    async with running_house(servers) as running:
        yield running


@pytest.fixture(scope="session")
def new_name() -> Callable[[], str]:
    """Names that no other test uses."""
    numbers = count(1)
    return lambda: f"bot_{next(numbers)}"
