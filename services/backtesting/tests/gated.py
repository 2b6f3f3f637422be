"""The real engine behind a gate: a run goes on once the test has opened it, and every beginning is written down."""

import os
import time
from pathlib import Path

from aviary_backtesting.engine.port import Given, Outcome, Stopped, Watch
from aviary_backtesting.engine.strategies import StrategiesEngine
from aviary_backtesting.runs.spec import RunSpec

VARIABLE = "TEST_GATE_FOLDER"


class Gate:
    def __init__(self, folder: Path) -> None:
        self._gate = folder / "open"
        self._begun = folder / "begun"

    def open(self) -> None:
        self._gate.touch()

    def close(self) -> None:
        self._gate.unlink(missing_ok=True)
        self._begun.unlink(missing_ok=True)

    @property
    def begun(self) -> list[int]:
        """The processes that have begun a run."""
        return [int(line) for line in self._begun.read_text().split()] if self._begun.exists() else []

    def wait(self, watch: Watch) -> None:
        with self._begun.open("a") as file:
            file.write(f"{os.getpid()}\n")
        watch.progress(0.25)
        while not self._gate.exists():
            if watch.is_cancelled():
                raise Stopped
            time.sleep(0.005)


class GatedEngine(StrategiesEngine):
    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def is_compiled(self) -> bool:
        return True

    def warm(self) -> None:
        """The kernels come when they are needed."""

    def run(self, spec: RunSpec, given: Given, watch: Watch) -> Outcome:
        self._gate.wait(watch)
        return super().run(spec, given, watch)
