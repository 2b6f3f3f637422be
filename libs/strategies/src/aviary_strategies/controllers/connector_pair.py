"""A market as configs with two of them spell it."""

from pydantic import Field

from aviary_strategies.controllers.config import Strict
from aviary_strategies.types import Market


class ConnectorPair(Strict):
    connector_name: str = Field(min_length=1)
    trading_pair: str = Field(pattern=r"^[^-\s]+-[^-\s]+$")

    @property
    def market(self) -> Market:
        return Market(self.connector_name, self.trading_pair)

    @property
    def base(self) -> str:
        return self.trading_pair.partition("-")[0]
