"""The folder that Hummingbot's users know as ``bots/``: what bots are made from, run in, and leave behind."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

CONTROLLER_TYPES: Final = ("directional_trading", "market_making", "generic")


@dataclass(frozen=True)
class BotsFolder:
    root: Path

    def prepare(self) -> None:
        """A place that only its owner may enter."""
        for each in (
            *(self.controllers / kind for kind in CONTROLLER_TYPES),
            self.scripts,
            self.controller_configs,
            self.script_configs,
            self.instances,
            self.archived,
        ):
            each.mkdir(mode=0o700, parents=True, exist_ok=True)

    @property
    def controllers(self) -> Path:
        return self.root / "controllers"

    @property
    def scripts(self) -> Path:
        return self.root / "scripts"

    @property
    def controller_configs(self) -> Path:
        return self.root / "conf" / "controllers"

    @property
    def script_configs(self) -> Path:
        return self.root / "conf" / "scripts"

    @property
    def instances(self) -> Path:
        return self.root / "instances"

    @property
    def archived(self) -> Path:
        return self.root / "archived"

    def instance(self, name: str) -> Path:
        return self.instances / name
