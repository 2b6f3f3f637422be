from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, Field, StringConstraints

from aviary_common.access.accounts import AllowedAccount
from aviary_common.models import Amount, DecimalNumber, DecimalText, Tolerant, TradingPair, example
from aviary_exchange.types import PositionSide
from aviary_trading.safety.limits import RiskLimits

Count = Annotated[int, Field(ge=0, le=1_000_000)]
Reason = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class Limits(Tolerant):
    """What is left out is no limit. Money is in US dollars; stablecoins count as one."""

    model_config = example(
        {"max_order_notional": "1000", "max_open_orders": 20, "max_daily_loss": "200", "allowed_pairs": ["BTC-USDT"]}
    )

    max_order_notional: Amount | None = None
    max_open_orders: Count | None = None
    max_daily_loss: Amount | None = None
    max_orders_per_minute: Count | None = None
    allowed_pairs: list[TradingPair] | None = None

    def to_limits(self) -> RiskLimits:
        values = self.model_dump()
        pairs = values.pop("allowed_pairs")
        return RiskLimits(**values, allowed_pairs=None if pairs is None else tuple(sorted(set(pairs))))


class LimitsOut(BaseModel):
    """All null when the account has no limits."""

    account_name: str
    max_order_notional: DecimalNumber | None
    max_open_orders: int | None
    max_daily_loss: DecimalNumber | None
    max_orders_per_minute: int | None
    allowed_pairs: list[str] | None

    @classmethod
    def of(cls, account_name: str, limits: RiskLimits) -> Self:
        return cls(
            account_name=account_name,
            max_order_notional=limits.max_order_notional,
            max_open_orders=limits.max_open_orders,
            max_daily_loss=limits.max_daily_loss,
            max_orders_per_minute=limits.max_orders_per_minute,
            allowed_pairs=None if limits.allowed_pairs is None else list(limits.allowed_pairs),
        )


class PanicRequest(Tolerant):
    """``account_names`` left out means every account that has credentials. ``flatten`` also closes the positions of
    perpetuals at market; spot holdings are kept."""

    model_config = example({"account_names": ["second_account"], "flatten": False, "reason": "a strategy runs wild"})

    account_names: list[AllowedAccount] | None = None
    flatten: bool = False
    reason: Reason = "panic"


class Release(Tolerant):
    """``account_names`` left out means every halted account."""

    model_config = example({"account_names": ["second_account"]})

    account_names: list[AllowedAccount] | None = None


class Closing(BaseModel):
    """One market order that closes a position, or a part of one."""

    trading_pair: str
    side: PositionSide
    amount: DecimalText
    order_id: str


class Cleared(BaseModel):
    """What was done for one account at one connector. ``still_open`` orders go on being cancelled until none is left;
    ``problem`` says what stood in the way."""

    account_name: str
    connector_name: str
    cancelled: int = 0
    still_open: int = 0
    closing: list[Closing] = []
    problem: str | None = None

    @property
    def is_clear(self) -> bool:
        return not self.still_open and self.problem is None


class PanicReport(BaseModel):
    halted: list[str]
    connectors: list[Cleared]


class HaltOut(BaseModel):
    account_name: str
    reason: str
    at: datetime


class Halts(BaseModel):
    halted: list[HaltOut]


class Released(BaseModel):
    released: list[str]
