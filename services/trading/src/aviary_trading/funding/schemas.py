from datetime import datetime

from pydantic import BaseModel, model_validator

from aviary_common.models import DecimalNumber, example
from aviary_exchange.types import PositionSide
from aviary_trading.filters import TimedFilter


class FundingFilter(TimedFilter):
    """One ``trading_pair`` or a list of ``trading_pairs``."""

    model_config = example({"connector_names": ["sandbox_perpetual"], "start_time": 1767225600})

    @model_validator(mode="before")
    @classmethod
    def one_pair_is_a_list(cls, given: object) -> object:
        if isinstance(given, dict) and given.get("trading_pair") and not given.get("trading_pairs"):
            return given | {"trading_pairs": [given["trading_pair"]]}
        return given


class FundingPaymentOut(BaseModel):
    """``funding_payment`` is positive when the account received it."""

    id: int
    funding_payment_id: str
    exchange_funding_id: str
    timestamp: datetime
    account_name: str
    connector_name: str
    trading_pair: str
    funding_rate: DecimalNumber | None
    funding_payment: DecimalNumber
    fee_currency: str
    position_size: DecimalNumber | None
    position_side: PositionSide | None
