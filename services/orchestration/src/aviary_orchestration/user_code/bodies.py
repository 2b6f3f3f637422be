"""Source text as it is sent: an object with ``content``, or the text alone as a JSON string."""

from typing import Annotated, Any, Final

from fastapi import Depends, Request

from aviary_common.errors import Unprocessable
from aviary_orchestration.configs.bodies import read_body
from aviary_orchestration.configs.content import read_json
from aviary_orchestration.user_code.schemas import SourceIn
from aviary_orchestration.user_code.source_files import MAX_BYTES

LONGEST_ESCAPE: Final = 6
"""Of a character in a JSON string."""
SOURCE_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "anyOf": [
                        {
                            "type": "object",
                            "required": ["content"],
                            "properties": {"content": {"type": "string"}, "type": {"type": ["string", "null"]}},
                        },
                        {"type": "string"},
                    ],
                    "examples": [{"content": "SPREAD = 0.01\n"}],
                }
            }
        },
    }
}
"""What OpenAPI says of a route that takes a ``SourceBody``."""


async def source_body(request: Request) -> SourceIn:
    body = read_json(await read_body(request, LONGEST_ESCAPE * MAX_BYTES))
    if isinstance(body, str):
        return SourceIn(content=body)
    if not isinstance(body, dict) or not isinstance(body.get("content"), str):
        raise Unprocessable("The body must be an object with content, which is Python source.", code="bad_json")
    kind = body.get("type")
    if not isinstance(kind, str | None):
        raise Unprocessable("The body's type must be text.", code="bad_json")
    return SourceIn(content=body["content"], type=kind)


SourceBody = Annotated[SourceIn, Depends(source_body)]
