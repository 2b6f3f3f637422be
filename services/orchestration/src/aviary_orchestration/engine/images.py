"""Images that the engine has, and names of images as users write them."""

import re
from collections.abc import Sequence
from typing import Final

from aviary_common.errors import BadRequest, NotFound
from aviary_orchestration.engine.engine import Engine

MAX_NAME: Final = 255
_TAG: Final = r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}"
_PART: Final = r"[a-z0-9]+(?:[._-]+[a-z0-9]+)*"
TAG: Final = re.compile(_TAG, re.ASCII)
NAME: Final = re.compile(
    rf"(?P<repository>(?:[A-Za-z0-9][A-Za-z0-9.-]*(?::[0-9]+)?/)?{_PART}(?:/{_PART})*)"
    rf"(?:(?P<digest>@sha256:[0-9a-f]{{64}})|:(?P<tag>{_TAG}))?(?::{_TAG})?",
    re.ASCII,
)
"""The colon before the last slash belongs to the registry's port; a second tag may follow the first."""


async def tags(engine: Engine, containing: str | None = None) -> Sequence[str]:
    """Every tag of every image, those that contain the text."""
    found = await engine.call(lambda client: client.api.images())
    all_tags = sorted({tag for image in found for tag in image.get("RepoTags") or () if tag != "<none>:<none>"})
    return [tag for tag in all_tags if (containing or "") in tag]


async def exists(engine: Engine, name: str) -> bool:
    wanted = with_tag(name)
    found = await engine.call(lambda client: client.api.images())
    return any(wanted in (image.get(names) or ()) for image in found for names in ("RepoTags", "RepoDigests"))


async def must_exist(engine: Engine, name: str) -> str:
    """The name with its tag. 404 ``image_missing`` when it has to be pulled first: that may take minutes."""
    image = with_tag(name)
    if not await exists(engine, image):
        words = f"The engine does not have {image}; pull it first by POST /docker/pull-image."
        raise NotFound(words, code="image_missing")
    return image


def with_tag(name: str, tag: str | None = None) -> str:
    """``repository:tag``. A name that has a tag or a digest keeps it, and a doubled tag counts once."""
    found = NAME.fullmatch(name) if len(name) <= MAX_NAME else None
    if found is None:
        raise BadRequest(f"{name[:80]!r} is not the name of an image.", code="bad_image")
    if tag and not TAG.fullmatch(tag):
        raise BadRequest(f"{tag[:80]!r} is not the tag of an image.", code="bad_image")
    if found["digest"]:
        return f"{found['repository']}{found['digest']}"
    return f"{found['repository']}:{found['tag'] or tag or 'latest'}"
