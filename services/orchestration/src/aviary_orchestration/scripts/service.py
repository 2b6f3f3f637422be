"""Scripts by name."""

import asyncio

from pydantic import JsonValue

from aviary_common.errors import NotFound
from aviary_orchestration.configs.content import Content
from aviary_orchestration.configs.schemas import ConfigDone
from aviary_orchestration.folder import BotsFolder
from aviary_orchestration.user_code.schemas import ScriptOut, SourceIn
from aviary_orchestration.user_code.service import UserCode
from aviary_orchestration.user_code.source_files import SourceFiles


class Scripts:
    def __init__(self, folder: BotsFolder, user_code: UserCode) -> None:
        self._files = SourceFiles(folder.scripts, "script", "scripts")
        self._user_code = user_code

    async def names(self) -> list[str]:
        return await asyncio.to_thread(self._files.names)

    async def get(self, name: str) -> ScriptOut:
        content = await asyncio.to_thread(self._files.read, name)
        return ScriptOut(name=name.removesuffix(".py"), content=content)

    async def put(self, name: str, source: SourceIn) -> ConfigDone:
        await asyncio.to_thread(self._files.check, name, source.content)
        await self._user_code.check_syntax(source.content)
        existed = await asyncio.to_thread(self._files.write, name, source.content)
        return ConfigDone(message=f"Script {name} {'saved' if existed else 'created'}.")

    async def delete(self, name: str) -> ConfigDone:
        await asyncio.to_thread(self._files.delete, name)
        return ConfigDone(message=f"Script {name} deleted.")

    async def template(self, name: str) -> dict[str, JsonValue]:
        """Field to default. Raises ``NotFound`` when there is no such script, or no config class in it."""
        found = await self._user_code.describe(await asyncio.to_thread(self._files.source, name))
        if found.class_name is None:
            raise NotFound(f"{name} defines no config class.", code="no_config_class")
        return {field.name: field.default for field in found.fields}

    async def doubts(self, config: Content) -> list[str]:
        """What looks wrong with a config that is about to be stored."""
        if not isinstance(config.get("script_file_name"), str):
            return ["script_file_name is missing: no bot can run this config."]
        return []
