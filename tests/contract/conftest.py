"""The apps of all services, shared by these tests."""

import pytest
from fastapi import FastAPI

from .apps import make_all


@pytest.fixture(scope="session")
def apps() -> dict[str, FastAPI]:
    """By the service's name."""
    return make_all()
