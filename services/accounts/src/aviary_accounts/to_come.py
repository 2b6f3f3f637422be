"""What this service will answer and does not yet, as the API reference lists it."""

from typing import Final

from aviary_common.http.not_yet import not_yet_router

PORTFOLIO: Final = not_yet_router(
    "Portfolio",
    "Portfolio history and distribution",
    """
POST /portfolio/history
POST /portfolio/distribution
POST /portfolio/accounts-distribution
GET /portfolio/accounts-distribution
""",
)

TO_COME: Final = (PORTFOLIO,)
