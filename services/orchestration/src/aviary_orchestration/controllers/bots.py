"""The controller configs that a bot runs with: its own copies, which it reads again every few seconds."""

import asyncio
import stat
from pathlib import Path
from typing import Final

from aviary_common.errors import BadRequest, NotFound
from aviary_orchestration.configs.content import Content, without
from aviary_orchestration.configs.forms import ControllerForm
from aviary_orchestration.configs.names import stem_of
from aviary_orchestration.configs.private_files import locked, write_text
from aviary_orchestration.configs.schemas import ConfigDone
from aviary_orchestration.configs.store import ConfigStore, Listed
from aviary_orchestration.configs.yaml_text import dump
from aviary_orchestration.folder import BotsFolder

FIXED: Final = ("id", "controller_name", "controller_type")
NAME: Final = "_config_name"


class BotConfigs:
    def __init__(self, folder: BotsFolder) -> None:
        self._folder = folder
        self._form = ControllerForm()

    async def all(self, bot: str) -> list[Content]:
        """Raises ``NotFound`` when there is no such bot."""
        listed = await asyncio.to_thread(lambda: ConfigStore(self._configs_of(bot)).all())
        return [self._shown(each) for each in listed]

    async def update(self, bot: str, name: str, changes: Content) -> ConfigDone:
        """Put these keys in the place of the ones that are there. Raises ``NotFound`` for a bot or a config that is not
        there, ``BadRequest`` for a change of what the config is."""
        await asyncio.to_thread(self._update, bot, name, without(changes, NAME))
        return ConfigDone(message=f"Config {stem_of(name)} of {bot} updated; the bot takes it within seconds.")

    def _update(self, bot: str, name: str, changes: Content) -> None:
        folder = self._configs_of(bot)
        store = ConfigStore(folder)
        path = store.path(name)
        if not folder.is_dir():
            raise NotFound(f"The bot {bot} has no config {path.stem}.")
        with locked(folder):
            current = store.read(path.stem)
            for key in FIXED:
                fixed = path.stem if key == "id" else current.get(key)
                if changes.get(key, fixed) not in (fixed, current.get(key)):
                    raise BadRequest(f"{key} of a running controller cannot change.", code="fixed_field")
            kept = {key: value for key, value in changes.items() if key not in FIXED}
            mode = stat.S_IMODE(path.stat().st_mode)
            write_text(path, dump({**current, **kept}), mode=mode)

    def _configs_of(self, bot: str) -> Path:
        instance = self._folder.instance(stem_of(bot, suffix=""))
        if not instance.is_dir():
            raise NotFound(f"There is no bot {bot}.")
        return instance / "conf" / "controllers"

    def _shown(self, each: Listed) -> Content:
        return {**self._form.listed(each), NAME: each.name}
