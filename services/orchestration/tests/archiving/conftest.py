from pathlib import Path

import pytest

from aviary_orchestration.folder import BotsFolder


@pytest.fixture
def bots(tmp_path: Path) -> BotsFolder:
    """A folder of the test's own."""
    folder = BotsFolder(tmp_path / "bots")
    folder.prepare()
    return folder
