from pydantic import BaseModel, Field

from aviary_common.models import Tolerant, TradingPair, example


class SetPositionMode(Tolerant):
    """``ONEWAY`` (also ``ONE-WAY``, ``ONE_WAY``) or ``HEDGE``, in any case."""

    model_config = example({"position_mode": "HEDGE"})

    position_mode: str = Field(min_length=1, max_length=20)


class SetLeverage(Tolerant):
    model_config = example({"trading_pair": "BTC-USDT", "leverage": 5})

    trading_pair: TradingPair
    leverage: int = Field(ge=1, le=125)


class PositionModeOut(BaseModel):
    """``UNKNOWN`` when the venue cannot tell and it was never set."""

    position_mode: str
    connector: str
    account: str


class Done(BaseModel):
    status: str = "success"
    message: str
