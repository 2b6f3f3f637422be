"""Controllers by type and name."""

import asyncio
from difflib import get_close_matches

from aviary_common.errors import BadRequest, NotFound
from aviary_messages.questions import ControllerFound, ControllerSource, GetControllerSource
from aviary_orchestration.configs.content import Content, plain
from aviary_orchestration.configs.names import is_name
from aviary_orchestration.configs.schemas import ConfigDone
from aviary_orchestration.controllers.schemas import FieldOut, template_of
from aviary_orchestration.folder import CONTROLLER_TYPES, BotsFolder
from aviary_orchestration.user_code.answers import ConfigClass
from aviary_orchestration.user_code.schemas import ControllerOut, SourceIn
from aviary_orchestration.user_code.service import UserCode
from aviary_orchestration.user_code.source_files import SourceFiles


class Controllers:
    def __init__(self, folder: BotsFolder, user_code: UserCode) -> None:
        self._files = {
            kind: SourceFiles(folder.controllers / kind, "controller", f"controllers.{kind}")
            for kind in CONTROLLER_TYPES
        }
        self._user_code = user_code

    async def names(self, kind: str | None = None) -> dict[str, list[str]]:
        """By type; of one type when it is given."""
        kinds = CONTROLLER_TYPES if kind is None else (kind,)
        return {each: await asyncio.to_thread(self._files[each].names) for each in kinds}

    async def get(self, kind: str, name: str) -> ControllerOut:
        content = await asyncio.to_thread(self._files[kind].read, name)
        return ControllerOut(name=name.removesuffix(".py"), type=kind, content=content)

    async def answer(self, question: GetControllerSource) -> ControllerFound:
        kinds = [kind for kind in CONTROLLER_TYPES if question.type in (None, kind)]
        return await asyncio.to_thread(self._found, question.name, kinds)

    async def put(self, kind: str, name: str, source: SourceIn) -> ConfigDone:
        if source.type is not None and source.type.strip().casefold() != kind:
            raise BadRequest(f"The body is about a {source.type} controller, the path about {kind}.", code="bad_type")
        await asyncio.to_thread(self._files[kind].check, name, source.content)
        await self._user_code.check_syntax(source.content)
        existed = await asyncio.to_thread(self._files[kind].write, name, source.content)
        return ConfigDone(message=f"Controller {name} {'saved' if existed else 'created'} in {kind}.")

    async def delete(self, kind: str, name: str) -> ConfigDone:
        await asyncio.to_thread(self._files[kind].delete, name)
        return ConfigDone(message=f"Controller {name} deleted from {kind}.")

    async def describe(self, kind: str, name: str) -> ConfigClass:
        """Raises ``NotFound`` when there is no such controller, or no config class in it."""
        source = await asyncio.to_thread(self._files[kind].source, name)
        found = await self._user_code.describe(source)
        if found.class_name is None:
            raise _no_class(name)
        return found

    async def template(self, kind: str, name: str) -> dict[str, FieldOut]:
        return template_of(await self.describe(kind, name))

    async def validate(self, kind: str, name: str, config: Content) -> ConfigDone:
        """Raises ``BadRequest`` with everything that is wrong with the config."""
        source = await asyncio.to_thread(self._files[kind].source, name)
        checked = await self._user_code.validate(source, plain(config))
        if checked.class_name is None:
            raise _no_class(name)
        if checked.problems:
            raise BadRequest(f"Not a valid config of {name}: {checked.told()}", code="bad_config")
        return ConfigDone(message=f"Valid config of {name}.")

    async def doubts(self, config: Content) -> list[str]:
        """What looks wrong with a config that is about to be stored; nothing when its controller is not known."""
        name, kind = config.get("controller_name"), config.get("controller_type")
        if not isinstance(name, str) or not is_name(name):
            return ["controller_name is missing: no bot can run this config."]
        kinds = [each for each, files in self._files.items() if await asyncio.to_thread(files.has, name)]
        if kinds and kind not in kinds:
            return [f"{name} is a {' and a '.join(kinds)} controller, and controller_type says {kind!r}."]
        return []

    def _found(self, name: str, kinds: list[str]) -> ControllerFound:
        for kind in kinds:
            files = self._files[kind]
            if is_name(name) and files.has(name):
                source = files.source(name)
                told = ControllerSource(name=source.name, type=kind, module=source.module, texts=dict(source.texts))
                return ControllerFound(source=told)
        known = {each for files in self._files.values() for each in files.names()}
        return ControllerFound(source=None, nearest=next(iter(get_close_matches(name, sorted(known), n=1)), None))


def _no_class(name: str) -> NotFound:
    return NotFound(f"{name} defines no config class.", code="no_config_class")
