"""What ``/trading/.../paper`` takes and answers."""

from decimal import Decimal
from typing import Self

from pydantic import BaseModel

from aviary_common.models import DecimalNumber, Tolerant, example
from aviary_trading.paper.reset import Begun
from aviary_trading.paper.settings import Balances


class ResetPaper(Tolerant):
    model_config = example({"balances": {"USDT": "10000", "BTC": "0.5"}})

    balances: Balances | None = None
    """What the account begins with; without it what every new paper account does."""


class PaperAccountOut(BaseModel):
    account_name: str
    connector_name: str
    balances: dict[str, DecimalNumber]
    cancelled_orders: int

    @classmethod
    def of(cls, begun: Begun) -> Self:
        return cls(
            account_name=begun.account_name,
            connector_name=begun.connector_name,
            balances={token: Decimal(units) for token, units in begun.balances.items()},
            cancelled_orders=begun.cancelled,
        )
