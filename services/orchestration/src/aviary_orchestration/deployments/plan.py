"""What a deployment will be made of, decided before anything is touched."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from aviary_common.errors import BadRequest, Conflict, NotFound
from aviary_orchestration.configs.content import Content
from aviary_orchestration.configs.names import stem_of
from aviary_orchestration.configs.store import ConfigStore
from aviary_orchestration.deployments.schemas import NewControllers, NewScript

RUNNER: Final = "v2_with_controllers.py"
"""Hummingbot's own script that runs controllers."""


@dataclass(frozen=True)
class Plan:
    """``script_config`` goes under the name ``script_config_name``; ``new_configs`` are to be stored for later, too."""

    strategy_type: str
    strategy_name: str
    script_config_name: str | None = None
    script_config: Content | None = None
    controllers: Mapping[str, Content] = field(default_factory=dict)
    new_configs: Mapping[str, Content] = field(default_factory=dict)


class Planner:
    """Reads stored configs; its methods block."""

    def __init__(self, scripts: ConfigStore, controllers: ConfigStore) -> None:
        self._scripts = scripts
        self._controllers = controllers

    def of_script(self, new: NewScript, bot_name: str) -> Plan:
        """404 for a config that is not stored, or that the script's config names and is not."""
        script = stem_of(new.script, ".py") if new.script else None
        if new.script_config is not None:
            name, config = stem_of(new.script_config), dict(self._scripts.read(new.script_config))
        elif script is not None:
            name, config = bot_name, {"script_file_name": f"{script}.py", **(new.config or {})}
        elif new.config is not None:
            raise BadRequest("A config needs the script that it is for.", code="no_script")
        else:
            return Plan("script", "none")
        listed = config.get("controllers_config") or []
        if not isinstance(listed, list):
            raise BadRequest("controllers_config must be a list of names.", code="bad_config")
        controllers = {stem_of(str(each)): self._stored(str(each)) for each in listed}
        return Plan("script", script or stem_of(str(config.get("script_file_name")), ".py"), name, config, controllers)

    def of_controllers(self, new: NewControllers, bot_name: str) -> Plan:
        """404 for a config that is not stored; 409 for a new one whose name is taken by another."""
        fresh = dict(self._fresh(new, each, bot_name, number) for number, each in _counted(new))
        stored = {stem_of(each): self._stored(each) for each in new.controllers_config}
        controllers = {**stored, **fresh}
        if not controllers:
            raise BadRequest("Name at least one controller config, or give one.", code="no_controllers")
        base: Mapping[str, Any] = self._scripts.read(new.script_config) if new.script_config else {}
        script_config: dict[str, Any] = {
            **base,
            "script_file_name": RUNNER,
            "controllers_config": [f"{name}.yml" for name in controllers],
        }
        for limit in ("max_global_drawdown_quote", "max_controller_drawdown_quote"):
            if (value := getattr(new, limit)) is not None:
                script_config[limit] = float(value)
        names = sorted({str(each.get("controller_name", "?")) for each in controllers.values()})
        return Plan("controller", ",".join(names)[:128], bot_name, script_config, controllers, fresh)

    def keep(self, plan: Plan, bot_name: str) -> None:
        """Store what is new, for the next deployment."""
        for name, content in plan.new_configs.items():
            if name not in self._controllers.names():
                self._controllers.write(name, content)
        if plan.script_config is not None and plan.script_config_name == bot_name:
            self._scripts.write(bot_name, plan.script_config)

    def _fresh(self, new: NewControllers, given: Content, bot_name: str, number: int) -> tuple[str, Content]:
        content = dict(given)
        for key in ("controller_type", "controller_name"):
            if content.setdefault(key, getattr(new, key)) is None:
                raise BadRequest(f"A new config needs its {key}.", code="bad_config")
        name = stem_of(str(content.get("id") or f"{bot_name[:50]}_{number}"))
        content["id"] = name
        if name in self._controllers.names() and dict(self._controllers.read(name)) != content:
            words = f"There is another controller config {name}; choose another id."
            raise Conflict(words, code="config_exists")
        return name, content

    def _stored(self, name: str) -> Content:
        try:
            found = dict(self._controllers.read(name))
        except NotFound:
            raise NotFound(f"There is no controller config {stem_of(name)}.", code="unknown_config") from None
        return {**found, "id": found.get("id", stem_of(name))}


def _counted(new: NewControllers) -> enumerate[Content]:
    return enumerate(new.inline, start=1)
