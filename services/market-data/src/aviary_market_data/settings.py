"""What the market-data service needs to start."""

from pydantic import Field

from aviary_common.settings import BusSettings, DatabaseSettings, ServiceSettings


class MarketDataSettings(ServiceSettings, BusSettings, DatabaseSettings):
    service: str = "market-data"
    price_max_age_s: float = Field(default=1.0, gt=0)
    """How old a price may be that is answered without asking the venue again."""
    book_max_age_s: float = Field(default=0.25, ge=0)
