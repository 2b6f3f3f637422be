"""What paper trading can be told: ``AVIARY_PAPER_*``."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Final

from pydantic import Field, StringConstraints

from aviary_common.settings import AviarySettings
from aviary_trading.paper.latency import Latency

Token = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.:_]{1,32}$", to_upper=True)]
Units = Annotated[Decimal, Field(ge=0, allow_inf_nan=False, max_digits=36, decimal_places=18)]
Balances = dict[Token, Units]

START_BALANCES: Final[Mapping[str, Decimal]] = {
    "BTC": Decimal(1),
    "ETH": Decimal(20),
    "WETH": Decimal(20),
    "SOL": Decimal(100),
    "DOGE": Decimal(1_000_000),
    "USDT": Decimal(100_000),
    "USDC": Decimal(100_000),
}
"""Hummingbot's."""


class PaperSettings(AviarySettings):
    paper_balances: Balances = Field(default_factory=lambda: dict(START_BALANCES))
    """What a new paper account begins with: ``{"USDT": "10000"}``."""
    paper_look_every_s: float = Field(default=1.0, gt=0)
    """Between two looks at a market with open paper orders. An order that has just been placed is looked at earlier."""
    paper_latency: Latency = Latency()
