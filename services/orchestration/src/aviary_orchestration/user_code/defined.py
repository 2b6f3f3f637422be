"""Which class of a module is the config class."""

from types import ModuleType

from pydantic import BaseModel

from aviary_common.confined.standins.bases import ControllerConfigBase, StrategyV2ConfigBase
from aviary_common.confined.standins.models import BaseClientModel
from aviary_orchestration.user_code.sources import Kind


def config_class(module: ModuleType, kind: Kind, name: str) -> type[BaseModel] | None:
    """A controller's is the one that says the controller's name, else the last; a script's the last. Only what is
    defined in the module counts, not what it imports."""
    if kind == "controller":
        found = _defined(module, ControllerConfigBase)
        named = [each for each in found if each.model_fields["controller_name"].default == name]
        return _last(named or found)
    found = _defined(module, StrategyV2ConfigBase) or _defined(module, BaseClientModel)
    return _last(found)


def _last(found: list[type[BaseModel]]) -> type[BaseModel] | None:
    return found[-1] if found else None


def _defined(module: ModuleType, base: type[BaseModel]) -> list[type[BaseModel]]:
    return [
        each
        for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, base) and each.__module__ == module.__name__
    ]
