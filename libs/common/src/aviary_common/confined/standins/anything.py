"""A value that can be imported, called, subclassed, compared, used as annotation and as decorator, and does nothing."""

import operator
from collections.abc import Iterator
from typing import Any, Union

from pydantic_core import core_schema


class Plain:
    """What a class has as its base when its real base is missing."""

    def __init__(self, *_: object, **__: object) -> None: ...

    def __init_subclass__(cls, **_: object) -> None: ...


class Anything:
    """Knows only what it would be called."""

    def __init__(self, name: str) -> None:
        self.__name__ = self.__qualname__ = name

    def __getattr__(self, name: str) -> "Anything":
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return Anything(f"{self.__name__}.{name}")

    def __call__(self, *arguments: Any, **keywords: object) -> Any:
        """With one function or class it is a decorator, which leaves it as it is."""
        if len(arguments) == 1 and not keywords and callable(arguments[0]) and not isinstance(arguments[0], Anything):
            return arguments[0]
        return Anything(f"{self.__name__}()")

    def __mro_entries__(self, _bases: tuple[object, ...]) -> tuple[type, ...]:
        """A class of its own each time: a class cannot have the same base twice."""
        return (type(self.__name__, (Plain,), {}),)

    def __instancecheck__(self, _instance: object) -> bool:
        return False

    def __subclasscheck__(self, _subclass: type) -> bool:
        return False

    def __get_pydantic_core_schema__(self, _source: object, _handler: object) -> core_schema.CoreSchema:
        return core_schema.any_schema()

    def __getitem__(self, _key: object) -> "Anything":
        return self

    def __or__(self, other: Any) -> Any:
        return Union[self, other]  # noqa: UP007 - ``|`` would come back here

    def __ror__(self, other: Any) -> Any:
        return Union[other, self]  # noqa: UP007 - ``|`` would come back here

    def __iter__(self) -> Iterator[object]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def __bool__(self) -> bool:
        return True

    def __enter__(self) -> "Anything":
        return self

    def __exit__(self, *_: object) -> None: ...

    def __int__(self) -> int:
        return 0

    def __float__(self) -> float:
        return 0.0

    def __hash__(self) -> int:
        return hash(self.__name__)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Anything) and other.__name__ == self.__name__

    def __repr__(self) -> str:
        return self.__name__


def _itself(this: Anything, *_: object) -> Anything:
    return this


for _name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "and_", "xor"):
    _plain = _name.strip("_")
    assert hasattr(operator, _name)  # noqa: S101 - a misspelt one would stay without effect
    setattr(Anything, f"__{_plain}__", _itself)
    setattr(Anything, f"__r{_plain}__", _itself)
for _name in ("neg", "pos", "abs", "invert", "lt", "le", "gt", "ge"):
    setattr(Anything, f"__{_name}__", _itself)
