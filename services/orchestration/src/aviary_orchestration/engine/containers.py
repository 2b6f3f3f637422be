"""Containers as the engine lists them, and which of them are ours."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from docker import DockerClient

from aviary_common.errors import Conflict, Forbidden, NotFound
from aviary_orchestration.engine.engine import Engine
from aviary_orchestration.engine.settings import EngineSettings
from aviary_orchestration.folder import BotsFolder

INSTALLATION: Final = "io.aviary.installation"
BOT: Final = "io.aviary.bot"
GATEWAY: Final = "io.aviary.gateway"

RUNNING: Final = ("running", "restarting", "paused")


@dataclass(frozen=True)
class Container:
    """``status`` as Docker has it: created, running, restarting, paused, exited, dead, removing."""

    id: str
    name: str
    status: str
    image: str
    labels: Mapping[str, str] = field(repr=False)

    @property
    def is_up(self) -> bool:
        return self.status in RUNNING


@dataclass(frozen=True)
class Pruned:
    names: Sequence[str]
    bytes: int


class Containers:
    def __init__(self, engine: Engine, settings: EngineSettings, folder: BotsFolder) -> None:
        self._engine = engine
        self._settings = settings
        self._folder = folder
        self.installation = installation_of(settings.bots_host_dir or folder.root)

    @property
    def labels(self) -> dict[str, str]:
        """What marks a container as ours."""
        return {INSTALLATION: self.installation}

    async def list(self, *, status: str | None = None, name_filter: str | None = None) -> Sequence[Container]:
        """All of the engine, ours or not."""
        filters = {"status": status} if status else {}
        found = await self._engine.call(lambda client: client.api.containers(all=True, filters=filters))
        wanted = (name_filter or "").casefold()
        return [each for each in map(_container, found) if wanted in each.name.casefold()]

    async def ours(self) -> Sequence[Container]:
        marked = {"label": [f"{INSTALLATION}={self.installation}"]}
        found = await self._engine.call(lambda client: client.api.containers(all=True, filters=marked))
        return [_container(each) for each in found]

    async def find(self, name: str) -> Container:
        """404 when there is none of exactly that name."""
        return _inspected(await self.inspect(name))

    async def inspect(self, name: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = await self._engine.call(lambda client: client.api.inspect_container(name))
        if found["Name"].lstrip("/") != name:
            raise NotFound(f"There is no container {name}.", code="not_in_docker")
        return found

    def is_marked(self, container: Container) -> bool:
        return container.labels.get(INSTALLATION) == self.installation

    def is_ours(self, container: Container) -> bool:
        """It has our mark, or it was deployed from this folder before there were marks."""
        bare = INSTALLATION not in container.labels
        return self.is_marked(container) or (bare and self._folder.instance(container.name).is_dir())

    async def ours_named(self, name: str, *, foreign: bool = False) -> Container:
        """403 for a container that is not ours, unless ``foreign`` ones are meant too."""
        found = await self.find(name)
        if not foreign and not self.is_ours(found):
            raise Forbidden(
                f"{name} was not started by Aviary; add foreign=true to touch it.", code="foreign_container"
            )
        return found

    async def start(self, name: str) -> None:
        await self._engine.call(lambda client: client.api.start(name))

    async def stop(self, name: str) -> None:
        """Returns when it has ended; killed when it does not end by itself in time."""
        patience_s = self._settings.docker_stop_s
        await self._engine.call(
            lambda client: client.api.stop(name, timeout=patience_s), patience_s + self._settings.docker_deadline_s
        )

    async def restart(self, name: str) -> None:
        """Stop and start; of one that has ended, start."""
        patience_s = self._settings.docker_stop_s
        await self._engine.call(
            lambda client: client.api.restart(name, timeout=patience_s), patience_s + self._settings.docker_deadline_s
        )

    async def remove(self, name: str, *, force: bool = False) -> None:
        """409 while it runs, unless by ``force``."""
        await self._engine.call(lambda client: _remove(client, name, force=force), 2 * self._settings.docker_deadline_s)

    async def prune(self, *, foreign: bool = False) -> Pruned:
        """Remove what has ended: ours, or everybody's."""
        filters = {} if foreign else {"label": [f"{INSTALLATION}={self.installation}"]}
        return await self._engine.call(lambda client: _prune(client, filters), 6 * self._settings.docker_deadline_s)


def installation_of(folder: Path) -> str:
    """Two Aviaries may share an engine: each knows its own by the folder that its bots live in."""
    return hashlib.blake2b(str(folder).encode(), digest_size=8).hexdigest()


def _remove(client: DockerClient, name: str, *, force: bool) -> None:
    if not force and client.api.inspect_container(name)["State"]["Running"]:
        raise Conflict(f"{name} is running; stop it first.", code="container_running")
    client.api.remove_container(name, v=True, force=force)


def _prune(client: DockerClient, filters: Mapping[str, Any]) -> Pruned:
    ended = {each["Id"]: _container(each).name for each in _ended(client, filters)}
    found = client.api.prune_containers(filters={**filters})  # type: ignore[no-untyped-call]
    gone = found.get("ContainersDeleted") or []
    return Pruned([ended.get(each, each[:12]) for each in gone], found.get("SpaceReclaimed") or 0)


def _ended(client: DockerClient, filters: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from client.api.containers(all=True, filters={**filters, "status": ["exited", "created", "dead"]})


def _container(found: Mapping[str, Any]) -> Container:
    names = [name.lstrip("/") for name in found.get("Names") or ()]
    name = min(names, key=lambda each: each.count("/"), default=found["Id"][:12])
    return Container(found["Id"], name, found["State"], _image(found["Image"]), found.get("Labels") or {})


def _inspected(found: Mapping[str, Any]) -> Container:
    config, state = found["Config"], found["State"]
    return Container(
        found["Id"], found["Name"].lstrip("/"), state["Status"], _image(config["Image"]), config.get("Labels") or {}
    )


def _image(name: str) -> str:
    """A digest is told by its first characters."""
    return name.removeprefix("sha256:")[:12] if name.startswith("sha256:") else name
