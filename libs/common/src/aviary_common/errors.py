"""Everything a service may answer besides success, as one tree that one handler turns into HTTP.

AviaryError
├── BadRequest           400  understood, and refused for a reason the caller can mend
├── Unauthorized         401
├── Forbidden            403
├── NotFound             404
├── Conflict             409
├── TooLarge             413
├── Unprocessable        422
├── TooManyRequests      429  carries when to come back
├── NotYet               501  a known endpoint that this release does not have
├── UpstreamFailed       502  a server behind us failed at what it was asked; told as 503
├── Unavailable          503  names the component that is down
└── DeadlineExceeded     504  nobody knows what has become of it; told as 503
"""

from typing import ClassVar


class AviaryError(Exception):
    """``str(error)`` is shown to the caller as ``detail``; ``code`` is stable and meant for programs."""

    status: ClassVar[int] = 500
    default_code: ClassVar[str] = "internal"

    def __init__(self, detail: str, *, code: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or self.default_code

    @property
    def headers(self) -> dict[str, str]:
        return {}


class BadRequest(AviaryError):
    status = 400
    default_code = "bad_request"


class Unauthorized(AviaryError):
    status = 401
    default_code = "unauthorized"

    @property
    def headers(self) -> dict[str, str]:
        return {"WWW-Authenticate": "Basic"}


class Forbidden(AviaryError):
    status = 403
    default_code = "forbidden"


class NotFound(AviaryError):
    status = 404
    default_code = "not_found"


class Conflict(AviaryError):
    status = 409
    default_code = "conflict"


class TooLarge(AviaryError):
    status = 413
    default_code = "too_large"


class Unprocessable(AviaryError):
    status = 422
    default_code = "unprocessable"


class TooManyRequests(AviaryError):
    status = 429
    default_code = "too_many_requests"

    def __init__(self, detail: str, *, retry_after_s: int, code: str | None = None) -> None:
        super().__init__(detail, code=code)
        self.retry_after_s = retry_after_s

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(self.retry_after_s)}


class NotYet(AviaryError):
    status = 501
    default_code = "not_yet"


class UpstreamFailed(AviaryError):
    status = 502
    default_code = "upstream_failed"


class Unavailable(AviaryError):
    status = 503
    default_code = "unavailable"

    def __init__(self, component: str, detail: str | None = None, *, code: str | None = None) -> None:
        super().__init__(detail or f"{component} is not available right now; try again in a moment", code=code)
        self.component = component


class DeadlineExceeded(AviaryError):
    status = 504
    default_code = "deadline_exceeded"


def from_wire(status: int, detail: str, code: str) -> AviaryError:
    """Rebuild the error that another service answered a question with."""
    if status == Unavailable.status:
        return Unavailable("", detail, code=code)
    if status == TooManyRequests.status:
        return TooManyRequests(detail, retry_after_s=1, code=code)
    plain = {kind.status: kind for kind in AviaryError.__subclasses__() if kind not in (Unavailable, TooManyRequests)}
    return plain.get(status, AviaryError)(detail, code=code)
