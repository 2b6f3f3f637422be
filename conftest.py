"""Every package's tests find the shared fixtures, and the tests of the running stack share one worker."""

from typing import Any

import pytest

pytest_plugins = ["aviary_testing.plugin"]

ONE_STACK = "tests/e2e/"
BESIDE_NOTHING = ("tests/e2e/", "tests/chaos/", "tests/contract/test_authorisation.py")
"""They want the machine for themselves: one after the other, on one worker."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--containers", action="store_true", help="let tests/e2e have a stack in containers")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """By folder: since pytest 9.2 the mark ``xdist_group`` does nothing, and every worker would start a stack."""
    from xdist.scheduler import LoadScopeScheduling

    class OneWorkerForTheStack(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return ONE_STACK if nodeid.startswith(BESIDE_NOTHING) else nodeid

    return OneWorkerForTheStack(config, log)
