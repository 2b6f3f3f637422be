"""Controllers as users write them."""

from typing import Any

from ..asking import BOLLINGER

TIDE = """
from hummingbot.data_feed.candles_feed.data_types import CandlesConfig
from hummingbot.strategy_v2.controllers.directional_trading_controller_base import (
    DirectionalTradingControllerBase,
    DirectionalTradingControllerConfigBase,
)


class TideConfig(DirectionalTradingControllerConfigBase):
    controller_name: str = "tide"
    interval: str = "3m"
    bb_length: int = 100


class Tide(DirectionalTradingControllerBase):
    def get_candles_config(self):
        return [CandlesConfig(
            connector=self.config.connector_name, trading_pair=self.config.trading_pair,
            interval=self.config.interval, max_records=self.config.bb_length,
        )]

    async def update_processed_data(self):
        df = self.market_data_provider.get_candles_df(
            self.config.connector_name, self.config.trading_pair, self.config.interval, self.config.bb_length
        )
        middle = df["close"].rolling(self.config.bb_length).mean()
        width = 4 * df["close"].rolling(self.config.bb_length).std(ddof=0)
        df["bbp"] = (df["close"] - middle) / width + 0.5
        df["signal"] = 0
        df.loc[df["bbp"] < 0.0, "signal"] = 1
        df.loc[df["bbp"] > 1.0, "signal"] = -1
        self.processed_data = {"signal": df["signal"].iloc[-1], "features": df}
"""
AHEAD = TIDE.replace(".mean()", ".mean().shift(-1)")
CONFIG: dict[str, Any] = {**BOLLINGER, "controller_name": "tide"}


def doing(what: str) -> str:
    """Does it once it is asked for features."""
    return TIDE.replace("        middle =", f"        {what}\n        middle =")
