from typing import Annotated

from pydantic import BaseModel, BeforeValidator, Field

from aviary_common.models import DecimalNumber, Name, Tolerant, TradingPair, example


def _one_or_many(value: object) -> object:
    return [value] if isinstance(value, str) else value


class PricesRequest(Tolerant):
    model_config = example({"connector_name": "sandbox", "trading_pairs": ["BTC-USDT", "ETH-USDT"]})

    connector_name: Name
    trading_pairs: Annotated[list[TradingPair], BeforeValidator(_one_or_many), Field(min_length=1)]


class PricesOut(BaseModel):
    """``timestamp`` in seconds."""

    model_config = example(
        {"connector": "sandbox", "prices": {"BTC-USDT": 50000.0, "ETH-USDT": 2500.0}, "timestamp": 1790856000.0}
    )

    connector: str
    prices: dict[str, DecimalNumber]
    timestamp: float
