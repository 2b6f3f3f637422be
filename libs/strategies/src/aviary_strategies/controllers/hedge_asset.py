"""Holds a share of a spot balance short on a perpetual market."""

from decimal import Decimal
from typing import ClassVar, Literal

from pydantic import Field

from aviary_strategies.actions import Action, Create, OrderSpec
from aviary_strategies.context import Context, active
from aviary_strategies.controller import Controller, Kind
from aviary_strategies.controllers.config import ControllerConfig, updatable
from aviary_strategies.controllers.limits import rounded_down
from aviary_strategies.controllers.spellings import APositionMode, Finite, PositionMode
from aviary_strategies.types import Market, OrderType, Side


class HedgeAssetConfig(ControllerConfig):
    controller_name: Literal["hedge_asset"] = "hedge_asset"
    controller_type: Literal["generic"] = "generic"
    total_amount_quote: Decimal = updatable(Decimal(0), ge=0, allow_inf_nan=False)
    spot_connector_name: str = Field("binance", min_length=1)
    asset_to_hedge: str = Field("SOL", min_length=1)
    hedge_connector_name: str = Field("binance_perpetual", min_length=1)
    hedge_trading_pair: str = Field("SOL-USDT", min_length=1)
    leverage: int = Field(20, ge=1)
    position_mode: APositionMode = PositionMode.HEDGE
    hedge_ratio: Finite = updatable(Decimal(0), ge=0, le=1)
    min_notional_size: float = Field(10, ge=0, allow_inf_nan=False)
    cooldown_time: float = Field(10.0, ge=0, allow_inf_nan=False)


class HedgeAsset(Controller[HedgeAssetConfig]):
    name: ClassVar[str] = "hedge_asset"
    kind: ClassVar[Kind] = "generic"
    config_class: ClassVar[type[HedgeAssetConfig]] = HedgeAssetConfig

    @property
    def markets(self) -> tuple[Market, ...]:
        return (Market(self.config.hedge_connector_name, self.config.hedge_trading_pair),)

    def decide(self, context: Context) -> list[Action]:
        """One market order for what the short position lacks, or has too much of."""
        config, market = self.config, self.markets[0]
        newest = max((executor.created_s for executor in context.executors), default=None)
        is_cooling = newest is not None and context.now_s - newest < config.cooldown_time
        if is_cooling or active(context):
            return []
        owned = Decimal(str(context.balance(config.spot_connector_name, config.asset_to_hedge)))
        gap = owned * config.hedge_ratio + Decimal(str(context.held(market).net_amount))
        amount = float(rounded_down(abs(gap), context.rules(market).amount_step))
        if not amount or amount * context.price(market) < config.min_notional_size:
            return []
        side = Side.SELL if gap > 0 else Side.BUY
        return [Create(OrderSpec(market, side, amount, OrderType.MARKET, leverage=config.leverage))]
