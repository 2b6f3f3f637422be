"""Why candles are missing."""

from typing import Final

NO_TRADES: Final = "no trades"
"""The venue was asked twice and says nothing."""
NOT_LISTED: Final = "not listed yet"
NOT_FETCHED: Final = "not fetched"
NOT_YET: Final = "not told yet by the venue"
"""It may only be late: this is asked again."""
VENUE_UNAVAILABLE: Final = "venue unavailable"
