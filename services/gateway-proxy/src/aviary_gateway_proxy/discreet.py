"""Routes whose requests hold secrets."""

from collections.abc import Callable, Coroutine
from typing import Any, Final

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

SHOWN: Final = ("type", "loc", "msg")


class DiscreetRoute(APIRoute):
    """Its 422 says what is wrong, and does not repeat what was sent."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def discreet(request: Request) -> Response:
            try:
                return await handle(request)
            except RequestValidationError as error:
                told = [{name: each[name] for name in SHOWN} for each in error.errors()]
            raise RequestValidationError(told)

        return discreet
