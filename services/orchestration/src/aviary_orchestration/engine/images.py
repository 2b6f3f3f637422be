"""Images that the engine has, and names of images as users write them."""

import re
from collections.abc import Sequence
from typing import Final

from aviary_common.errors import BadRequest
from aviary_orchestration.engine.engine import Engine

NAME: Final = re.compile(r"[a-z0-9]+([._/:@-]+[A-Za-z0-9_]+)*", re.ASCII)
MAX_NAME: Final = 255


async def tags(engine: Engine, containing: str | None = None) -> Sequence[str]:
    """Every tag of every image, those that contain the text."""
    found = await engine.call(lambda client: client.api.images())
    all_tags = sorted({tag for image in found for tag in image.get("RepoTags") or () if tag != "<none>:<none>"})
    return [tag for tag in all_tags if (containing or "") in tag]


async def exists(engine: Engine, name: str) -> bool:
    return with_tag(name) in await tags(engine)


def with_tag(name: str, tag: str | None = None) -> str:
    """``repository:tag``. A name that has a tag keeps it, and a doubled one counts once."""
    if len(name) > MAX_NAME or not NAME.fullmatch(name):
        raise BadRequest(f"{name[:80]!r} is not the name of an image.", code="bad_image")
    if "@" in name:
        return name
    repository, *tags_given = _split(name)
    chosen = tags_given[0] if tags_given else tag or "latest"
    return f"{repository}:{chosen}"


def _split(name: str) -> list[str]:
    """Colons before the last slash belong to the registry's port."""
    head, slash, last = name.rpartition("/")
    first, *rest = last.split(":")
    return [f"{head}{slash}{first}", *rest]
