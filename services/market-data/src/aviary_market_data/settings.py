"""What the market-data service needs to start."""

from pydantic import Field, field_validator

from aviary_common.errors import BadRequest
from aviary_common.settings import BusSettings, DatabaseSettings, ServiceSettings
from aviary_exchange.settings import ExchangeSettings
from aviary_market_data.candle_store.settings import CandleSettings
from aviary_market_data.feeds.settings import FeedSettings
from aviary_market_data.rates.sources import default_source, require_source, sources
from aviary_market_data.rates.store import RateSource


class MarketDataSettings(ServiceSettings, BusSettings, DatabaseSettings, FeedSettings, CandleSettings):
    service: str = "market-data"
    price_max_age_s: float = Field(default=1.0, gt=0)
    """How old a price may be that is answered without asking the venue again."""
    book_max_age_s: float = Field(default=0.25, ge=0)
    rate_max_age_s: float = Field(default=3.0, gt=0)
    """How old the prices may be that rates follow from, where nobody asks for rates of this moment."""
    rate_source: str | None = None
    """Where rates come from until somebody chooses: unless named here, the sandbox exchange where there is one, else
    gate_io."""
    rate_quote: str = Field(default="USDT", pattern=r"^[A-Z0-9.:_]{1,32}$")
    rate_quote_symbol: str = Field(default="$", min_length=1, max_length=16)

    @field_validator("rate_source")
    @classmethod
    def refuse_unknown_source(cls, name: str | None) -> str | None:
        try:
            return require_source(name, sources(ExchangeSettings())) if name else None
        except BadRequest as error:
            raise ValueError(error.detail) from error

    def rates_from(self, exchange: ExchangeSettings) -> RateSource:
        """The source and token of a database in which nobody has chosen."""
        return RateSource(self.rate_source or default_source(exchange), self.rate_quote, self.rate_quote_symbol)
