"""Pulling images in the background: one replica at a time for an image, and every replica tells how far it is."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, Final

import orjson
from docker import DockerClient

from aviary_common import logs
from aviary_common.cancelling import end
from aviary_common.errors import AviaryError, Unavailable
from aviary_common.leases import Lease
from aviary_common.runtime import Runtime
from aviary_orchestration.engine.engine import Engine
from aviary_orchestration.engine.settings import EngineSettings

log = logs.get(__name__)

KEY: Final = "orchestration:pulls"
KEEP_S: Final = 3600.0
"""After its end."""
KEEP: Final = 100
TELL_EVERY_S: Final = 1.0


@dataclass(frozen=True)
class Pull:
    """Times are Unix seconds. ``bytes_total`` grows while layers are being discovered."""

    image: str
    status: str
    started_at: float
    told_at: float
    ended_at: float | None = None
    bytes_done: int = 0
    bytes_total: int = 0
    error: str | None = None

    @property
    def is_under_way(self) -> bool:
        return self.status == "pulling"


@dataclass
class Layers:
    """Filled by the thread that pulls, read by the loop."""

    done: dict[str, int] = field(default_factory=dict)
    total: dict[str, int] = field(default_factory=dict)
    cancelled: bool = False

    def note(self, line: Mapping[str, Any]) -> None:
        layer, progress = line.get("id"), line.get("progressDetail") or {}
        if layer and line.get("status") == "Downloading" and "total" in progress:
            self.total[layer], self.done[layer] = progress["total"], progress["current"]
        elif layer and line.get("status") in ("Download complete", "Pull complete"):
            self.done[layer] = self.total.get(layer, 0)


class Pulls:
    def __init__(
        self, engine: Engine, runtime: Runtime, settings: EngineSettings, clock: Callable[[], datetime]
    ) -> None:
        self._engine = engine
        self._cache = runtime.cache
        self._leases = runtime.leases
        self._tasks = runtime.tasks
        self._settings = settings
        self._clock = clock

    async def start(self, image: str) -> tuple[Pull, bool]:
        """And whether it has been started by this call, not before. An engine that is away is told at once."""
        await self._engine.must_run()
        name, now = _lease(image), self._now()
        held = name in self._tasks or not await self._leases.free([name])
        if held and (current := await self._get(image)):
            return current, False
        begun = Pull(image, "pulling", now, now)
        await self._put(begun)
        if name not in self._tasks:
            self._tasks.supervise(name, partial(self._leases.hold_if_free, name, partial(self._pull, begun)))
        return begun, True

    async def all(self) -> list[Pull]:
        """Newest first; one whose replica died has failed."""
        stored = await self._cache.hgetall(KEY)
        pulls = sorted((Pull(**orjson.loads(each)) for each in stored.values()), key=_by_start, reverse=True)
        now = self._now()
        kept = [each for each in pulls if each.ended_at is None or now - each.ended_at < KEEP_S][:KEEP]
        if old := {each.image for each in pulls} - {each.image for each in kept}:
            await self._cache.hdel(KEY, *old)
        free = set(await self._leases.free([_lease(each.image) for each in kept if each.is_under_way]))
        return [self._interrupted(each) if _lease(each.image) in free else each for each in kept]

    async def _pull(self, begun: Pull, _lease: Lease) -> None:
        layers = Layers()
        pulling = asyncio.create_task(
            self._engine.call(partial(_pull_all, begun.image, layers), self._settings.docker_pull_deadline_s)
        )
        try:
            while not (await asyncio.wait({pulling}, timeout=TELL_EVERY_S))[0]:
                await self._put(self._progress(begun, layers, "pulling"))
            pulling.result()
        except AviaryError as error:
            log.warning("image was not pulled", image=begun.image, error=error.detail)
            await self._put(self._progress(begun, layers, "failed", error.detail))
        else:
            await self._put(self._progress(begun, layers, "completed"))
        finally:
            layers.cancelled = True
            await end(pulling)

    def _progress(self, begun: Pull, layers: Layers, status: str, error: str | None = None) -> Pull:
        now = self._now()
        ended_at = None if status == "pulling" else now
        done, total = sum([*layers.done.values()]), sum([*layers.total.values()])
        return Pull(begun.image, status, begun.started_at, now, ended_at, done, total, error)

    def _interrupted(self, pull: Pull) -> Pull:
        if not pull.is_under_way or self._now() - pull.told_at < 2 * TELL_EVERY_S:
            return pull
        words = "The replica that pulled it has ended; pull it again."
        return Pull(pull.image, "failed", pull.started_at, pull.told_at, pull.told_at, error=words)

    async def _get(self, image: str) -> Pull | None:
        raw = await self._cache.hget(KEY, image)
        return None if raw is None else Pull(**orjson.loads(raw))

    async def _put(self, pull: Pull) -> None:
        await self._cache.hset(KEY, pull.image, orjson.dumps(pull))

    def _now(self) -> float:
        return self._clock().timestamp()


def _pull_all(image: str, layers: Layers, client: DockerClient) -> None:
    for line in client.api.pull(image, stream=True, decode=True):
        if layers.cancelled:
            return
        if words := line.get("error"):
            raise Unavailable("docker", f"Docker says: {words}", code="pull_failed")
        layers.note(line)


def _lease(image: str) -> str:
    return f"pull:{image}"


def _by_start(pull: Pull) -> float:
    return pull.started_at
