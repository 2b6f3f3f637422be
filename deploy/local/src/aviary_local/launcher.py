"""Runs the stack until it is told to stop: lock, leftovers, secrets, ports, supervisor, control socket."""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Set
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from aviary_local import control, postgres_home, secrets, state
from aviary_local.home import Home
from aviary_local.keeper import Keeper, State
from aviary_local.logs import Journal, Listener
from aviary_local.ports import Ports, refuse_taken, wanted
from aviary_local.report import ProcessReport, StackReport
from aviary_local.scaling import Scaling
from aviary_local.secrets import Secrets
from aviary_local.stack import Stack
from aviary_local.supervisor import Supervisor
from aviary_local.topology import service

_START_TIMEOUT_S = 90.0


@contextmanager
def admitted(home: Home, ports: Ports, environment: Mapping[str, str], scale: Mapping[str, int]) -> Iterator[Secrets]:
    """Everything that can be refused before a process is started, checked while the checkout is ours alone.

    LaunchError: already running, a weak login, a taken port, a process of an earlier start that does not end.
    """
    home.create(postgres_home.unprivileged())
    with state.lock(home):
        made = secrets.load(home.secrets, environment)
        state.clear_leftovers(home)
        refuse_taken(wanted(ports, scale))
        yield made


class Launcher:
    """`on_report` hears every change; after `run` has returned, nothing of the stack is left."""

    def __init__(
        self,
        home: Home,
        ports: Ports,
        environment: Mapping[str, str],
        scale: Mapping[str, int],
        stack: type[Stack] = Stack,
    ) -> None:
        self._home = home
        self._ports = ports
        self._environment = environment
        self._scale = scale
        self._started_at = time.time()
        self._settled = False
        self._finish = asyncio.Event()
        self._make_stack = stack
        self._stack: Stack
        self._supervisor: Supervisor
        self._journal: Journal
        self.listener: Listener | None = None
        self.on_report: Callable[[StackReport], None] | None = None

    async def run(self) -> None:
        """LaunchError when the start is refused. A stop, by signal or by control socket, is a normal end."""
        loop = asyncio.get_running_loop()
        loop.set_default_executor(ThreadPoolExecutor(max_workers=32))
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self.finish)
        with admitted(self._home, self._ports, self._environment, self._scale) as made:
            self._journal = Journal(self._home.logs, made.all_confidential())
            self._journal.listener = self.listener
            self._stack = self._make_stack(self._home, self._ports, made, self._environment, self._scale)
            self._supervisor = Supervisor(self._journal, self._changed)
            try:
                await self._run_until_finished()
            finally:
                self._journal.close()

    async def _run_until_finished(self) -> None:
        scaling = Scaling(self._stack, self._supervisor)

        async def scale(request: dict[str, Any]) -> dict[str, Any]:
            await scaling.apply({str(name): int(count) for name, count in request["replicas"].items()})
            return self.report().to_json()

        async def renew(request: dict[str, Any]) -> dict[str, Any]:
            made = secrets.load(self._home.secrets, self._environment)
            self._journal.confide(made.all_confidential())
            told = made if request["with_old_config_password"] else made.without_old_config_password()
            await scaling.renew(service(request["service"]), told)
            return self.report().to_json()

        handlers = {"status": self._tell, "stop": self._stop, "scale": scale, "renew": renew}
        server = await control.serve(self._home, handlers)
        self._supervisor.start(self._stack.parts())
        settling = asyncio.create_task(self._settle())
        try:
            await self._finish.wait()
        finally:
            settling.cancel()
            await self._supervisor.stop()
            server.close()
            self._home.state.unlink(missing_ok=True)

    async def _settle(self) -> None:
        """Wait for the first round. Longer than the limit is as good as failed: a hanging part blocks nobody else."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._supervisor.settled(), _START_TIMEOUT_S)
        self._settled = True
        self._changed()

    async def _tell(self, _request: dict[str, Any]) -> dict[str, Any]:
        """As it is now: a part that was ready is asked again."""
        ready = [each for each in self._supervisor.keepers.values() if each.state is State.READY]
        answers = await asyncio.gather(*(asyncio.to_thread(each.part.probe) for each in ready))
        silent = {each.part.name for each, answer in zip(ready, answers, strict=True) if not answer}
        return self.report(silent).to_json()

    def finish(self) -> None:
        """Begin to stop; `run` returns when it is done."""
        self._finish.set()

    async def _stop(self, _request: dict[str, Any]) -> dict[str, Any]:
        self.finish()
        return {"stopping": True}

    def report(self, silent: Set[str] = frozenset()) -> StackReport:
        keepers = self._supervisor.keepers.values()
        processes = tuple(_describe(keeper, keeper.part.name in silent) for keeper in keepers)
        return StackReport(
            os.getpid(), f"http://localhost:{self._ports.edge}", self._started_at, self._settled, processes
        )

    def _changed(self) -> None:
        keepers = self._supervisor.keepers.values()
        state.write(self._home, [(each.part.name, each.pid) for each in keepers if each.pid])
        if self.on_report:
            self.on_report(self.report())


def _describe(keeper: Keeper, silent: bool) -> ProcessReport:
    part = keeper.part
    return ProcessReport(
        name=part.name,
        group=part.group,
        replica=part.replica,
        state=State.FAILING if silent else keeper.state,
        port=part.port,
        pid=keeper.pid,
        started_at=keeper.started_at,
        restarts=keeper.restarts,
        ready_in_s=keeper.ready_in_s,
        essential=part.essential,
    )
