"""`aviary keys rotate`: a new config password for the running stack, without a request failing.

1. secrets.env gets the new config password, and keeps the old one beside it until everything is done.
2. Each service that opens credentials is renewed with both. Who seals them comes last, so that nobody ever seals with a
   password that a reader does not know.
3. The accounts service wraps the credentials anew, a few at a time; their fields stay as they are.
4. When none needs the old password any more, the services are renewed without it, and it leaves secrets.env.

Interrupted anywhere, the same command goes on: the file tells that it is under way, and each step finds what is done.
"""

import asyncio
import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from aviary_local import control, secrets
from aviary_local.errors import LaunchError
from aviary_local.home import Home
from aviary_local.operator_bus import operator_bus
from aviary_local.report import StackReport
from aviary_local.rewrapping import Outcome, Watcher, rewrap_all
from aviary_local.topology import ACCOUNTS, NATS, SERVICES

RENEW_DEADLINE_S: Final = 300.0


class Rotation:
    def __init__(self, home: Home, environment: Mapping[str, str], watcher: Watcher) -> None:
        self._home = home
        self._environment = environment
        self._watcher = watcher
        self._report = StackReport.from_json(control.ask(home, "status"))

    def to_a_new_password(self, chosen: str | None) -> Outcome:
        """With a made password unless one is chosen. What cannot be opened keeps the old password in use."""
        with _alone(self._home):
            self._begin(chosen)
            services = self._readers()
            self._renew(services, "services learn the new password", with_old=True)
            outcome = self._rewrap(renew=False)
            outcome.services = services
            if outcome.complete:
                self._renew(services, "services forget the old password", with_old=False)
                secrets.end_rotation(self._home.secrets)
            return outcome

    def to_new_salts(self) -> Outcome:
        """The config password stays."""
        with _alone(self._home):
            if self._secrets().old_config_password:
                raise LaunchError("A rotation was interrupted: finish it first with `aviary keys rotate`.")
            return self._rewrap(renew=True)

    def _begin(self, chosen: str | None) -> None:
        known = self._secrets()
        if known.old_config_password is None:
            if chosen == known.config_password:
                raise LaunchError("This is the config password already; for new salts only: --same-password.")
            secrets.begin_rotation(self._home.secrets, chosen)
        elif chosen not in (None, known.config_password):
            raise LaunchError("A rotation to another password was interrupted: finish it first, without choosing one.")

    def _secrets(self) -> secrets.Secrets:
        return secrets.load(self._home.secrets, self._environment)

    def _readers(self) -> list[str]:
        """Who opens credentials, and last who seals them."""
        running = {process.group for process in self._report.processes}
        named = [each.name for each in SERVICES if each.config_password and each.name in running]
        return sorted(named, key=lambda name: name == ACCOUNTS.name)

    def _renew(self, services: list[str], what: str, *, with_old: bool) -> None:
        for done, name in enumerate(services):
            self._watcher.step(what, done, len(services))
            control.ask(self._home, "renew", RENEW_DEADLINE_S, service=name, with_old_config_password=with_old)
        self._watcher.step(what, len(services), len(services))

    def _rewrap(self, *, renew: bool) -> Outcome:
        port = next(process.port for process in self._report.processes if process.name == NATS.name)
        return asyncio.run(self._rewrap_all(port, renew=renew))

    async def _rewrap_all(self, port: int, *, renew: bool) -> Outcome:
        async with operator_bus(port, self._secrets()) as bus:
            return await rewrap_all(bus, self._watcher, renew=renew)


@contextmanager
def _alone(home: Home) -> Iterator[None]:
    """One rotation at a time; the lock dies with its holder."""
    descriptor = os.open(home.run / "rotation.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LaunchError("Another `aviary keys rotate` is at work here.") from None
        yield
    finally:
        os.close(descriptor)
