"""Candles that old configs ask for by themselves."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from aviary_strategies.controllers.config import Strict


class CandlesConfig(Strict):
    connector: str
    trading_pair: str
    interval: str = "1m"
    max_records: int = Field(500, ge=1)


CandlesConfigs = Annotated[
    tuple[CandlesConfig, ...], BeforeValidator(lambda value: () if value in (None, "") else value)
]
"""Accepted and left aside: a controller names the candles that it needs itself."""
