"""Long lists as answers, without a model for every row: the database has written each item as JSON already."""

from collections.abc import Iterable
from typing import TypeVar

import orjson
from fastapi import Response

from aviary_common.pagination import Slice

T = TypeVar("T")


def json_page(page: Slice[T], items: Iterable[str]) -> Response:
    """The form of ``Page``, from items that are JSON texts."""
    ends = {"pagination": page.pagination.model_dump(), "next_cursor": page.next_cursor, "total": page.total}
    tail = orjson.dumps(ends)
    return Response(b'{"data":[' + ",".join(items).encode() + b"]," + tail[1:], media_type="application/json")
