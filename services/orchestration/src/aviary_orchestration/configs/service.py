"""The configs of controllers, or of scripts, as the API shows them."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

from aviary_common.errors import BadRequest
from aviary_messages.questions import ControllerConfig, GetControllerConfig
from aviary_orchestration.configs.content import Content, plain, text_at, without
from aviary_orchestration.configs.names import stem_of
from aviary_orchestration.configs.schemas import ConfigDone, Written
from aviary_orchestration.configs.store import ConfigStore, Listed

OURS = ("config_name", "_config_name")
"""Keys of answers: who sends an answer back does not mean to store them, and bots refuse keys they do not know."""

Warn = Callable[[Content], Awaitable[list[str]]]


class Form(Protocol):
    """How one kind of config shows its name."""

    def shown(self, name: str, content: Mapping[str, object], /) -> Content: ...

    def stored(self, name: str, content: Content, /) -> Content: ...

    def listed(self, each: Listed, /) -> Content: ...


class Configs:
    def __init__(self, store: ConfigStore, form: Form, warn: Warn) -> None:
        self._store = store
        self._form = form
        self._warn = warn

    async def all(self) -> list[Content]:
        return [self._form.listed(each) for each in await asyncio.to_thread(self._store.all)]

    async def get(self, name: str) -> Content:
        return self._form.shown(stem_of(name), await asyncio.to_thread(self._store.read, name))

    async def answer(self, question: GetControllerConfig) -> ControllerConfig:
        name = stem_of(question.name)
        return ControllerConfig(name=name, config=plain(await asyncio.to_thread(self._store.read, name)))

    async def create(self, content: Content) -> Written:
        """The name is in the content. Raises ``Conflict`` when it exists."""
        name = text_at(content, "id") or text_at(content, "config_name")
        if name is None:
            raise BadRequest("The config needs a name: give it as id or config_name.", code="bad_name")
        return await self._write(self._store.create, name, content, "created")

    async def put(self, name: str, content: Content) -> Written:
        return await self._write(self._store.write, name, content, "saved")

    async def replace(self, name: str, content: Content) -> Written:
        """Raises ``NotFound`` when there is none."""
        return await self._write(self._store.replace, name, content, "replaced")

    async def delete(self, name: str) -> ConfigDone:
        await asyncio.to_thread(self._store.delete, name)
        return ConfigDone(message=f"Config {stem_of(name)} deleted.")

    async def _write(self, how: Callable[[str, Content], None], name: str, content: Content, done: str) -> Written:
        stem = stem_of(name)
        stored = self._form.stored(stem, without(content, *OURS))
        await asyncio.to_thread(how, stem, stored)
        return Written(message=f"Config {stem} {done}.", id=stem, warnings=await self._warn(stored))
