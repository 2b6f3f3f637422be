"""Whose controller a config names: one of the bundled ones, or one that the user keeps in orchestration."""

import asyncio
from difflib import get_close_matches
from typing import Final

from aviary_backtesting.runs.spec import Json
from aviary_common.bus import Bus
from aviary_common.errors import NotFound
from aviary_messages.questions import GetControllerSource

DEADLINE_S: Final = 3.0


async def source_of(bus: Bus, config: Json) -> Json | None:
    """None for a bundled controller. Raises ``NotFound`` with the nearest name of both, ``Unavailable`` while
    orchestration is away."""
    name, kind = config.get("controller_name"), config.get("controller_type")
    bundled = await asyncio.to_thread(_bundled)
    if not isinstance(name, str) or not name or name in bundled:
        return None
    question = GetControllerSource(name=name, type=kind if isinstance(kind, str) else None)
    found = await bus.ask(question, deadline_s=DEADLINE_S)
    if found.source is None:
        near = get_close_matches(name, [*bundled, *filter(None, [found.nearest])], n=1, cutoff=0.5)
        told = f" Did you mean {near[0]}?" if near else ""
        raise NotFound(f"There is no controller {name!r}.{told}", code="unknown_controller")
    return _json(found.source.name, found.source.type, found.source.module, found.source.texts)


def _json(name: str, kind: str, module: str, texts: dict[str, str]) -> Json:
    """With the digest that says in a run's record which code it was."""
    from aviary_strategies.user_code.source import Source

    source = Source(name, kind, module, texts)
    return {**source.to_json(), "digest": source.digest}


def _bundled() -> tuple[str, ...]:
    from aviary_strategies.controllers.registry import names

    return names()
