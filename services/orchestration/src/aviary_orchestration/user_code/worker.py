"""The tasks of the confined worker that run users' code. What they answer is read by ``answers``."""

import importlib
import warnings
from typing import NotRequired, TypedDict, cast

from pydantic import BaseModel, ValidationError

from aviary_common.confined.memory import SourceFinder
from aviary_common.confined.standins import modules
from aviary_orchestration.user_code.defined import config_class
from aviary_orchestration.user_code.fields import Described, described
from aviary_orchestration.user_code.sources import Kind


class Payload(TypedDict):
    kind: Kind
    name: str
    module: str
    sources: dict[str, str]
    config: NotRequired[dict[str, object]]


class Found(TypedDict):
    class_name: str | None
    fields: list[Described]


class Problem(TypedDict):
    field: str
    message: str


class Checked(TypedDict):
    class_name: str | None
    problems: list[Problem]


def describe(payload: object) -> Found:
    found = _load(cast("Payload", payload))
    if found is None:
        return {"class_name": None, "fields": []}
    return {"class_name": found.__name__, "fields": described(found)}


def validate(payload: object) -> Checked:
    given = cast("Payload", payload)
    found = _load(given)
    if found is None:
        return {"class_name": None, "problems": []}
    try:
        found(**given.get("config", {}))
    except ValidationError as error:
        return {"class_name": found.__name__, "problems": [_problem(each) for each in error.errors()]}
    return {"class_name": found.__name__, "problems": []}


def _problem(error: object) -> Problem:
    details = cast("dict[str, object]", error)
    places = cast("tuple[object, ...]", details["loc"])
    return {"field": ".".join(str(place) for place in places), "message": str(details["msg"])}


def _load(payload: Payload) -> type[BaseModel] | None:
    warnings.simplefilter("ignore")
    modules.install()
    SourceFinder(payload["sources"]).install()
    module = importlib.import_module(payload["module"])
    return config_class(module, payload["kind"], payload["name"])
