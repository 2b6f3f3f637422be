"""Controllers and scripts as users write them."""

DIRECTIONAL = """
from decimal import Decimal
from typing import List, Optional

import numpy as np
import pandas as pd
import pandas_ta as ta  # noqa: F401
from numba import njit
from pydantic import BaseModel, Field, field_validator
from pydantic_core.core_schema import ValidationInfo

from hummingbot.core.data_type.common import MarketDict, OrderType, TradeType
from hummingbot.data_feed.candles_feed.data_types import CandlesConfig
from hummingbot.strategy_v2.controllers.directional_trading_controller_base import (
    DirectionalTradingControllerBase,
    DirectionalTradingControllerConfigBase,
)
from hummingbot.strategy_v2.executors.position_executor.data_types import TrailingStop, TripleBarrierConfig

WEIGHTS = np.array([0.5, 0.5]) * 2


@njit(cache=True)
def smooth(values):
    return values


class Band(BaseModel):
    low: Decimal = Decimal("0.1")
    high: Decimal = Decimal("0.9")


class TideConfig(DirectionalTradingControllerConfigBase):
    controller_name: str = "tide"
    candles_config: List[CandlesConfig] = []
    candles_connector: str = Field(
        default=None,
        json_schema_extra={
            "prompt": "Connector of the candles, empty for the one that trades: ",
            "prompt_on_new": True,
        },
    )
    interval: str = Field(default="3m", description="Length of a candle")
    depth: int = Field(default=20, gt=1, json_schema_extra={"is_updatable": True})
    ratio: float = 0.25
    side: TradeType = TradeType.BUY
    band: Band = Band()
    steps: List[Decimal] = Field(default="0.01,0.02")
    barriers: Optional[TripleBarrierConfig] = None
    budget: Decimal = Field(json_schema_extra={"prompt": "How much: "})

    @field_validator("candles_connector", mode="before")
    @classmethod
    def same_as_trading(cls, v, validation_info: ValidationInfo):
        return validation_info.data.get("connector_name") if v in (None, "") else v

    @field_validator("steps", mode="before")
    @classmethod
    def parse_steps(cls, v):
        return [Decimal(each) for each in v.split(",")] if isinstance(v, str) else v

    @field_validator("side", mode="before")
    @classmethod
    def parse_side(cls, v):
        return TradeType[v.upper()] if isinstance(v, str) else v


class Tide(DirectionalTradingControllerBase):
    def __init__(self, config: TideConfig, *args, **kwargs):
        self.config = config
        super().__init__(config, *args, **kwargs)

    def frame(self) -> pd.DataFrame:
        return self.market_data_provider.get_candles_df()

    def update_markets(self, markets: MarketDict) -> MarketDict:
        return markets.add_or_update(self.config.connector_name, self.config.trading_pair)
"""

MAKER = """
from hummingbot.client.config.config_data_types import ClientFieldData
from hummingbot.strategy_v2.controllers import MarketMakingControllerBase, MarketMakingControllerConfigBase
from pydantic import Field


class HelperConfig(MarketMakingControllerConfigBase):
    controller_name: str = "plain_maker"
    floor: int = Field(default=1, client_data=ClientFieldData(is_updatable=True, prompt=lambda mi: "Floor: "))


class LaterConfig(MarketMakingControllerConfigBase):
    controller_name: str = "something_else"


class PlainMaker(MarketMakingControllerBase):
    pass
"""

PACKAGE = {
    "__init__": "from .pair import PairConfig",
    "pair": """
from .legs import Leg
from controllers.generic.pair.pair_config import PairConfig as Base


class PairConfig(Base):
    controller_name: str = "pair"
    leg: Leg = Leg()
""",
    "pair_config": """
from hummingbot.strategy_v2.controllers.controller_base import ControllerConfigBase


class PairConfig(ControllerConfigBase):
    ratio: float = 2.0
""",
    "legs": """
from pydantic import BaseModel


class Leg(BaseModel):
    pair: str = "SOL-USDT"
""",
}

SCRIPT = """
import os
from decimal import Decimal
from typing import Dict, List

from pydantic import Field

from hummingbot.connector.connector_base import ConnectorBase
from hummingbot.core.data_type.common import OrderType, PriceType
from hummingbot.strategy.strategy_v2_base import StrategyV2Base, StrategyV2ConfigBase


class LadderConfig(StrategyV2ConfigBase):
    script_file_name: str = os.path.basename(__file__)
    exchange: str = Field("binance_paper_trade", json_schema_extra={"prompt": "Exchange: ", "prompt_on_new": True})
    pairs: List[str] = Field(default=["ETH-USDT"])
    spread: Decimal = Decimal("0.001")
    price_type: PriceType = PriceType.MidPrice
    order_type: OrderType = OrderType.LIMIT


class Ladder(StrategyV2Base):
    @classmethod
    def init_markets(cls, config: LadderConfig):
        cls.markets = {config.exchange: set(config.pairs)}

    def __init__(self, connectors: Dict[str, ConnectorBase], config: LadderConfig):
        super().__init__(connectors, config)
"""

OLD_SCRIPT = """
from hummingbot.client.config.config_data_types import BaseClientModel
from hummingbot.strategy.script_strategy_base import ScriptStrategyBase


class FirstConfig(BaseClientModel):
    amount: float = 1.5


class Once(ScriptStrategyBase):
    markets = {"binance_paper_trade": {"BTC-USDT"}}
"""
