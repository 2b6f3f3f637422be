"""The connector catalogue and the one way to talk to an exchange."""

from aviary_exchange.venues import open_private, open_public

__all__ = ["open_private", "open_public"]
