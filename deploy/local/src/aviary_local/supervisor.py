"""Starts parts after what they need, keeps them alive, and stops them before what they need."""

import asyncio
from collections.abc import Callable, Iterable

from aviary_local.keeper import Keeper, State
from aviary_local.logs import Journal
from aviary_local.part import Part


class Supervisor:
    """`changed` is called after every change of state, of whichever part."""

    def __init__(self, journal: Journal, changed: Callable[[], None]) -> None:
        self.keepers: dict[str, Keeper] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._journal = journal
        self._changed = changed

    def start(self, parts: Iterable[Part]) -> list[Keeper]:
        """Begin; each part waits for its own needs, so that nothing waits for more than it has to."""
        added = [Keeper(part, self._journal, self._changed) for part in parts]
        for keeper in added:
            self.keepers[keeper.part.name] = keeper
        for keeper in added:
            self._tasks[keeper.part.name] = asyncio.create_task(self._keep(keeper), name=keeper.part.name)
        return added

    async def settled(self) -> None:
        """Every part is ready, or has failed so often that more waiting is no use."""
        await asyncio.gather(*(keeper.settled.wait() for keeper in self.keepers.values()))

    async def stop(self) -> None:
        """Dependants first, those that do not need each other at once."""
        for layer in reversed(_layers([keeper.part for keeper in self.keepers.values()])):
            await self.remove(part.name for part in layer)

    async def remove(self, names: Iterable[str]) -> None:
        await asyncio.gather(*(self._remove(name) for name in list(names)))

    async def _remove(self, name: str) -> None:
        keeper, task = self.keepers[name], self._tasks.pop(name)
        if keeper.pid is None:
            task.cancel()
        await keeper.stop()
        await asyncio.gather(task, return_exceptions=True)
        keeper.state = State.STOPPED
        del self.keepers[name]
        self._changed()

    async def _keep(self, keeper: Keeper) -> None:
        needed, followed = self._in_groups(keeper.part.needs), self._in_groups(keeper.part.follows)
        await asyncio.gather(*(other.settled.wait() for other in (*needed, *followed)))
        if not all(other.ready.is_set() for other in needed):
            # What it needs has given up for now, so nobody should wait for this one either.
            keeper.settled.set()
        await asyncio.gather(*(other.ready.wait() for other in needed))
        while True:
            try:
                return await keeper.run()
            except Exception as error:  # noqa: BLE001 - the supervised task's boundary: its owner logs it and goes on
                self._journal.note(keeper.part.name, f"the launcher stumbled: {error!r}")
                await asyncio.sleep(1)

    def _in_groups(self, groups: tuple[str, ...]) -> list[Keeper]:
        return [keeper for keeper in self.keepers.values() if keeper.part.group in groups]


def _layers(parts: list[Part]) -> list[list[Part]]:
    """Parts by depth: each layer depends only on earlier ones."""
    groups = {part.group: part for part in parts}

    def depth(part: Part) -> int:
        below = (groups[name] for name in (*part.needs, *part.follows) if name in groups)
        return 1 + max((depth(each) for each in below), default=0)

    layers: dict[int, list[Part]] = {}
    for part in parts:
        layers.setdefault(depth(part), []).append(part)
    return [layers[level] for level in sorted(layers)]
