"""What can go wrong at a venue.

ExchangeError
├── UnknownConnector        no such connector in the catalogue, or one that cannot be used yet
├── UnknownPair             the venue does not list the pair
├── Unsupported             the venue has no such order type, interval or call
├── InvalidCredentials      a credential field is missing, unknown or empty (found without asking the venue)
├── CredentialsRefused      the venue says no, in its own words
├── RateLimited             the venue or our own budget says: later
└── VenueUnavailable        timeout, reset, 5xx, maintenance, unreadable answer
"""


class ExchangeError(Exception):
    """The root; ``str(error)`` is safe to show: no URL, signature or key stands in it."""


class UnknownConnector(ExchangeError): ...


class UnknownPair(ExchangeError): ...


class Unsupported(ExchangeError): ...


class InvalidCredentials(ExchangeError):
    def __init__(self, message: str, fields: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.fields = fields


class CredentialsRefused(ExchangeError): ...


class RateLimited(ExchangeError):
    def __init__(self, message: str, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class VenueUnavailable(ExchangeError): ...
