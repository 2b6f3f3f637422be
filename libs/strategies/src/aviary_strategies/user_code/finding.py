"""The controller that a user's module defines."""

import importlib
import inspect
import sys
import warnings
from collections.abc import Mapping, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from aviary_common.confined.memory import SourceFinder
from aviary_common.confined.standins.bases import ControllerConfigBase
from aviary_common.confined.standins.modules import asked_by_user_code
from aviary_strategies.controller import Controller
from aviary_strategies.user_code.errors import NoController
from aviary_strategies.user_code.reference import modules
from aviary_strategies.user_code.reference.controller_bases import ControllerBase
from aviary_strategies.user_code.reference.shim import ReferenceController
from aviary_strategies.user_code.source import Source

ABSENT: Final[Mapping[str, str]] = {
    "pandas_ta": "no release of it works with this Python and this numba; compute with numpy, pandas or "
    "aviary_strategies.indicators",
}


class _Explainer(MetaPathFinder):
    """Asked last: says what is there instead of a library that is not."""

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None = None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        top = fullname.partition(".")[0]
        if not asked_by_user_code():
            return None
        why = ABSENT.get(top, "numpy, pandas, numba and aviary_strategies are")
        raise ModuleNotFoundError(f"{top} is not installed where backtests run: {why}", name=fullname)


def controller_of(source: Source, config: Mapping[str, Any], *, is_compat: bool) -> Controller[Any]:
    """Runs the module. A ``NoController`` when it defines none, a ``ValidationError`` of its config class."""
    module = _imported(source)
    own = [each for each in _classes(module) if issubclass(each, Controller)]
    if own:
        found = next((each for each in own if getattr(each, "name", None) == source.name), own[-1])
        return found(found.config_class.model_validate(config))
    theirs = [each for each in _classes(module) if issubclass(each, ControllerBase)]
    if not theirs:
        raise NoController(f"{source.name} defines no controller: no class derives from a controller base")
    return ReferenceController(_read(_config_of(module, source.name), config), theirs[-1], is_compat=is_compat)


def _read(kind: type[BaseModel], config: Mapping[str, Any]) -> BaseModel:
    """Defaults that a validator would have read are read as if they had been sent, where it takes them."""
    as_sent = kind(**config)
    validators = kind.__pydantic_decorators__.field_validators.values()
    names = {name for each in validators for name in each.info.fields if name in kind.model_fields} - config.keys()
    defaults = {name: kind.model_fields[name].default for name in names}
    try:
        return kind(**{name: value for name, value in defaults.items() if isinstance(value, str | None)}, **config)
    except ValidationError:
        return as_sent


def _imported(source: Source) -> ModuleType:
    warnings.simplefilter("ignore")
    modules.install()
    SourceFinder(source.texts).install()
    sys.meta_path.append(_Explainer())
    return importlib.import_module(source.module)


def _config_of(module: ModuleType, name: str) -> type[BaseModel]:
    found = [each for each in _classes(module) if issubclass(each, ControllerConfigBase)]
    if not found:
        raise NoController(f"{name} defines no config class")
    named = [each for each in found if each.model_fields["controller_name"].default == name]
    return (named or found)[-1]


def _classes(module: ModuleType) -> list[type[Any]]:
    """Those defined in it, not those it imports."""
    return [
        each
        for each in vars(module).values()
        if isinstance(each, type) and each.__module__ == module.__name__ and not inspect.isabstract(each)
    ]
