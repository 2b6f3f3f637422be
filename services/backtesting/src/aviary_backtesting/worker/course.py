"""How far a run is, and whether it should go on: shared by the thread that computes and the loop that tells."""

import asyncio
import time
from threading import Event

from aviary_backtesting.engine.port import Watch
from aviary_backtesting.runs.states import Phase


class Course:
    """``lost`` when nobody wants the run any more or another worker has it, ``given_up`` when this worker ends and
    another one shall do it."""

    def __init__(self, run_s: float) -> None:
        self.phase = Phase.CANDLES
        self.progress = 0.0
        self.lost = False
        self.given_up = False
        self._run_s = run_s
        self._spent_ms: dict[str, float] = {}
        self._begun_at = time.perf_counter()
        self._until: float | None = None
        self._told = Event()
        self._told_here = asyncio.Event()

    def begin(self, phase: Phase) -> None:
        self._note()
        self.phase, self.progress = phase, 0.0
        self._until = time.monotonic() + self._run_s if phase is Phase.RUNNING else None

    def spent_ms(self) -> dict[str, float]:
        """In each phase until now."""
        self._note()
        return self._spent_ms

    def tell(self, fraction: float) -> None:
        self.progress = min(1.0, max(0.0, fraction))

    @property
    def watch(self) -> Watch:
        return Watch(self.tell, self.is_over)

    def is_over(self) -> bool:
        return self._told.is_set() or self.took_too_long

    @property
    def took_too_long(self) -> bool:
        return self._until is not None and time.monotonic() > self._until

    def lose(self) -> None:
        self.lost = True
        self._stop()

    def give_up(self) -> None:
        self.given_up = True
        self._stop()

    async def stopped(self) -> None:
        """Returns once somebody has asked to stop."""
        await self._told_here.wait()

    def _note(self) -> None:
        now = time.perf_counter()
        spent = self._spent_ms.get(self.phase, 0.0) + (now - self._begun_at) * 1000
        self._spent_ms[self.phase.value] = round(spent, 1)
        self._begun_at = now

    def _stop(self) -> None:
        self._told.set()
        self._told_here.set()
