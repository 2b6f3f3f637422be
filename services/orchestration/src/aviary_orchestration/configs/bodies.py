"""Request bodies that are read by hand: limited before they are parsed, and with their numbers as given."""

from typing import Annotated, Any, Final

from fastapi import Depends, Request

from aviary_common.errors import TooLarge
from aviary_orchestration.configs.content import MAX_BYTES, Content, as_content, read_json

JSON_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "additionalProperties": True,
                    "examples": [
                        {
                            "id": "my_pmm",
                            "controller_name": "pmm_simple",
                            "controller_type": "market_making",
                            "connector_name": "sandbox",
                            "trading_pair": "BTC-USDT",
                            "total_amount_quote": 1000,
                        }
                    ],
                }
            }
        },
    }
}
"""What OpenAPI says of a route that takes a ``ConfigBody``."""


async def read_body(request: Request, max_bytes: int) -> bytes:
    """Raises ``TooLarge`` as soon as it is known to be."""
    too_large = TooLarge(f"The body is larger than {max_bytes:,} bytes.")
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > max_bytes:
        raise too_large
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > max_bytes:
            raise too_large
    return bytes(body)


async def config_body(request: Request) -> Content:
    return as_content(read_json(await read_body(request, MAX_BYTES)))


ConfigBody = Annotated[Content, Depends(config_body)]
