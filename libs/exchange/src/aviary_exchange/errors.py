"""What can go wrong at a venue, with the status it means to a caller of the API.

ExchangeError
├── UnknownConnector        404  no such connector in the catalogue, or one that cannot be used yet
├── UnknownPair             404  the venue does not list the pair
├── Unsupported             400  the venue has no such order type, interval or call
├── Refused                 400  the venue refuses a setting (leverage, position mode), in its own words
├── InvalidCredentials      422  a credential field is missing, unknown or empty (found without asking the venue)
├── CredentialsRefused      400  the venue says no, in its own words
├── RateLimited             503  the venue or our own budget says: later
└── VenueUnavailable        503  timeout, reset, 5xx, maintenance, unreadable answer
"""

import math

from aviary_common.errors import AviaryError


class ExchangeError(AviaryError):
    """The root; ``str(error)`` is safe to show: no URL, signature or key stands in it."""

    status = 503
    default_code = "exchange_error"


class UnknownConnector(ExchangeError):
    status = 404
    default_code = "unknown_connector"


class UnknownPair(ExchangeError):
    status = 404
    default_code = "unknown_pair"


class Unsupported(ExchangeError):
    status = 400
    default_code = "unsupported"


class Refused(ExchangeError):
    status = 400
    default_code = "venue_refused"


class InvalidCredentials(ExchangeError):
    status = 422
    default_code = "invalid_credentials"

    def __init__(self, message: str, fields: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.fields = fields


class CredentialsRefused(ExchangeError):
    status = 400
    default_code = "credentials_refused"


class RateLimited(ExchangeError):
    default_code = "venue_rate_limited"

    def __init__(self, message: str, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s

    @property
    def headers(self) -> dict[str, str]:
        return {} if self.retry_after_s is None else {"Retry-After": str(math.ceil(self.retry_after_s))}


class VenueUnavailable(ExchangeError):
    default_code = "venue_unavailable"
