"""Plain containers that print and end, ours or somebody else's."""

import secrets

from docker import DockerClient
from docker.errors import NotFound as NoContainer

from aviary_orchestration.engine.containers import INSTALLATION
from aviary_testing.waiting import eventually

PYTHON = "/opt/python/bin/python3"
UNTIL_TOLD = (
    "import signal; signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM]); print('up');"
    " signal.sigwait([signal.SIGTERM]); print('told')"
)


class Containers:
    def __init__(self, docker: DockerClient, image: str, installation: str) -> None:
        self._docker = docker
        self._image = image
        self._installation = installation
        self._made: list[str] = []

    def create(self, program: str = UNTIL_TOLD, *, ours: bool = True) -> str:
        """Its name; it does not run yet."""
        name = f"plain-{secrets.token_hex(4)}"
        labels = {INSTALLATION: self._installation} if ours else {}
        self._made.append(name)
        command = [PYTHON, "-u", "-c", program]
        self._docker.containers.create(self._image, command, name=name, labels=labels, network_mode="host")
        return name

    def run(self, program: str = UNTIL_TOLD, *, ours: bool = True) -> str:
        name = self.create(program, ours=ours)
        self._docker.api.start(name)
        return name

    async def ran(self, program: str = "pass", *, ours: bool = True) -> str:
        """One that has ended."""
        name = self.run(program, ours=ours)
        await eventually(lambda: self.status(name) == "exited")
        return name

    def status(self, name: str) -> str | None:
        try:
            return str(self._docker.api.inspect_container(name)["State"]["Status"])
        except NoContainer:
            return None

    def remove_all(self) -> None:
        for name in self._made:
            try:
                self._docker.api.remove_container(name, force=True)
            except NoContainer:
                continue
