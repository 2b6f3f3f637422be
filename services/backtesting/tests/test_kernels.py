"""Kernels that nobody has compiled yet."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from aviary_backtesting.engine.strategies import StrategiesEngine
from aviary_backtesting.worker import kernels
from aviary_testing.waiting import eventually

NOTE_ITSELF = "import os, pathlib, sys; pathlib.Path(sys.argv[1]).write_text(str(os.getpid()))"
NEVER_END = f"{NOTE_ITSELF}; import time; time.sleep(600)"


class Engine(StrategiesEngine):
    def __init__(self, note: Path, *, compiled: bool) -> None:
        self._note = note
        self._compiled = compiled
        self.warmed_after: list[bool] = []

    def is_compiled(self) -> bool:
        return self._compiled

    def warm(self) -> None:
        self.warmed_after.append(self._note.exists())


def command(monkeypatch: pytest.MonkeyPatch, code: str, note: Path) -> None:
    monkeypatch.setattr(kernels, "COMMAND", (sys.executable, "-c", code, str(note)))


@pytest.mark.parametrize("compiled", [True, False])
async def test_another_process_compiles_what_is_not_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, compiled: bool
) -> None:
    note = tmp_path / "note"
    command(monkeypatch, NOTE_ITSELF, note)
    engine = Engine(note, compiled=compiled)
    await kernels.make_ready(engine)
    assert engine.warmed_after == [not compiled]


async def test_it_ends_with_the_worker(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    note = tmp_path / "note"
    command(monkeypatch, NEVER_END, note)
    making = asyncio.create_task(kernels.make_ready(Engine(note, compiled=False)))
    await eventually(lambda: note.exists() and note.read_text())
    making.cancel()
    with pytest.raises(asyncio.CancelledError):
        await making
    with pytest.raises(ProcessLookupError):
        os.kill(int(note.read_text()), 0)
