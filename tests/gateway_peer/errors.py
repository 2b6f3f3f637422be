"""What Gateway answers when it can't.

GatewayError
├── BadRequest      400
├── NotFound        404
├── Internal        500
└── Unavailable     503
"""

from http import HTTPStatus
from typing import ClassVar


class GatewayError(Exception):
    status: ClassVar[int]

    def __init__(self, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code

    def body(self) -> dict[str, object]:
        """``{statusCode, error, message[, code]}``."""
        return error_body(self.status, self.message, **({"code": self.code} if self.code else {}))


class BadRequest(GatewayError):
    status = 400


class NotFound(GatewayError):
    status = 404


class Internal(GatewayError):
    status = 500


class Unavailable(GatewayError):
    status = 503


def error_body(status: int, message: str, **more: object) -> dict[str, object]:
    return {"statusCode": status, **more, "error": HTTPStatus(status).phrase, "message": message}
