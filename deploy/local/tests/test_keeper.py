"""Restart, backoff and order, with real processes."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from aviary_local.backoff import Backoff
from aviary_local.command import Command
from aviary_local.keeper import Keeper, State
from aviary_local.logs import Journal
from aviary_local.part import Part
from aviary_local.state import born
from aviary_local.supervisor import Supervisor
from aviary_testing.waiting import eventually

SLEEPER = "import time; print('up', flush=True); time.sleep(600)"
STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])
print(child.pid, flush=True)
time.sleep(600)
"""


def part(name: str, program: str, needs: tuple[str, ...] = (), **options: float) -> Part:
    command = Command((sys.executable, "-c", program), **options)  # type: ignore[arg-type]
    return Part(name, name, 0, lambda: command, lambda: True, needs=needs)


@pytest.fixture
async def supervisor(tmp_path: Path) -> AsyncIterator[Supervisor]:
    journal = Journal(tmp_path, ())
    made = Supervisor(journal, lambda: None)
    yield made
    await made.stop()
    journal.close()


def test_backoff_doubles_to_a_limit_and_forgets_after_a_healthy_life() -> None:
    backoff = Backoff(first_s=1, most_s=15, patience=5, random=lambda: 0.5)
    assert [backoff.after_life_of(0.1) for _ in range(6)] == [1, 2, 4, 8, 15, 15]
    assert backoff.failing
    assert backoff.after_life_of(60) == 1
    assert not backoff.failing


def test_backoff_spreads_by_a_fifth() -> None:
    assert Backoff(first_s=1, random=lambda: 0.0).after_life_of(0) == pytest.approx(0.8)
    assert Backoff(first_s=1, random=lambda: 1.0).after_life_of(0) == pytest.approx(1.2)


async def test_a_killed_process_is_started_again(supervisor: Supervisor) -> None:
    (keeper,) = supervisor.start([part("sleeper", SLEEPER)])
    await eventually(lambda: keeper.state is State.READY)
    first = keeper.pid
    assert first
    os.kill(first, signal.SIGKILL)
    await eventually(lambda: keeper.state is State.READY and keeper.pid not in (None, first))
    assert keeper.restarts == 1


async def test_five_quick_deaths_are_failing_and_it_is_still_tried(supervisor: Supervisor, tmp_path: Path) -> None:
    flag = tmp_path / "healed"
    program = f"import pathlib, sys, time; time.sleep(600) if pathlib.Path({str(flag)!r}).exists() else sys.exit(3)"
    tried = part("unhappy", program)
    journal = Journal(tmp_path, ())
    keeper = Keeper(
        Part(tried.name, tried.group, 0, tried.command, flag.exists),
        journal,
        lambda: None,
        Backoff(first_s=0.01, most_s=0.05),
    )
    running = asyncio.create_task(keeper.run())
    await eventually(lambda: keeper.state is State.FAILING)
    assert keeper.settled.is_set()
    assert "exited with 3" in (tmp_path / "unhappy.log").read_text()
    flag.touch()
    await eventually(lambda: keeper.state is State.READY)
    await keeper.stop()
    await running
    journal.close()


async def test_dependants_start_after_and_stop_before_what_they_need(supervisor: Supervisor, tmp_path: Path) -> None:
    marks = tmp_path / "marks"
    program = (
        "import signal, sys, time\n"
        f"def mark(word): open({str(marks)!r}, 'a').write(word + '\\n')\n"
        "def end(*_): mark('stop ' + {name!r}); sys.exit(0)\n"
        "signal.signal(signal.SIGTERM, end); mark('start ' + {name!r})\n"
        "time.sleep(600)"
    )
    database = part("database", program.format(name="database"))
    service = part("service", program.format(name="service"), needs=("database",))

    def marked(word: str) -> bool:
        return marks.exists() and word in marks.read_text()

    parts = [
        Part(each.name, each.name, 0, each.command, lambda name=each.name: marked(f"start {name}"), needs=each.needs)  # type: ignore[misc]
        for each in (service, database)
    ]
    supervisor.start(parts)
    await asyncio.wait_for(supervisor.settled(), 10)
    await supervisor.stop()
    assert marks.read_text().split("\n")[:4] == ["start database", "start service", "stop service", "stop database"]


async def test_a_stubborn_process_is_killed_with_its_children(supervisor: Supervisor, tmp_path: Path) -> None:
    supervisor.start([part("stubborn", STUBBORN, stop_timeout_s=0.2)])
    log = tmp_path / "stubborn.log"
    await eventually(lambda: log.exists() and log.read_text().strip())
    child = int(log.read_text().split()[0])
    assert born(child)
    await supervisor.stop()
    await eventually(lambda: born(child) is None)
    assert "killed" in log.read_text()


async def test_a_step_that_fails_is_told_and_tried_again(supervisor: Supervisor, tmp_path: Path) -> None:
    tries: list[int] = []

    def prepare() -> None:
        tries.append(1)
        if len(tries) < 3:
            raise OSError("no space left")

    sleeper = part("sleeper", SLEEPER)
    (keeper,) = supervisor.start([Part("sleeper", "sleeper", 0, sleeper.command, lambda: True, prepare=prepare)])
    await eventually(lambda: keeper.state is State.READY)
    assert "no space left" in (tmp_path / "sleeper.log").read_text()


async def test_what_waits_for_a_failing_part_does_not_hold_up_the_start(tmp_path: Path) -> None:
    journal = Journal(tmp_path, ())
    supervisor = Supervisor(journal, lambda: None)
    dying = part("database", "import sys; sys.exit(1)")
    database = Part("database", "database", 0, dying.command, lambda: False)
    broken, waiting = supervisor.start([database, part("service", SLEEPER, needs=("database",))])
    await asyncio.wait_for(supervisor.settled(), 20)
    assert broken.state is State.FAILING
    assert waiting.state is State.WAITING
    await supervisor.stop()
    journal.close()
