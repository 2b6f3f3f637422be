"""The fields of ``quantum_grid_allocator``."""

from decimal import Decimal
from typing import Literal

from pydantic import Field, field_validator

from aviary_strategies.controllers.config import ControllerConfig, updatable
from aviary_strategies.controllers.spellings import APositionMode, Finite, Interval, PositionMode
from aviary_strategies.types import Market


class QuantumGridAllocatorConfig(ControllerConfig):
    """``portfolio_allocation`` gives each asset's share of the portfolio; what is left is the quote asset's."""

    controller_name: Literal["quantum_grid_allocator"] = "quantum_grid_allocator"
    controller_type: Literal["generic"] = "generic"
    long_only_threshold: Finite = updatable(Decimal("0.2"), ge=0)
    short_only_threshold: Finite = updatable(Decimal("0.2"), ge=0)
    hedge_ratio: Finite = updatable(Decimal(2), gt=0)
    base_grid_value_pct: Finite = updatable(Decimal("0.08"), gt=0)
    max_grid_value_pct: Finite = updatable(Decimal("0.15"), gt=0)
    safe_extra_spread: Finite = updatable(Decimal("0.0001"), ge=0)
    favorable_order_frequency: int = updatable(2, ge=0)
    unfavorable_order_frequency: int = updatable(5, ge=0)
    max_orders_per_batch: int = updatable(1, ge=1)
    portfolio_allocation: dict[str, Finite] = updatable({"SOL": Decimal("0.50")}, min_length=1)
    grid_range: Finite = updatable(Decimal("0.002"), gt=0, lt=1)
    tp_sl_ratio: Finite = updatable(Decimal("0.8"), ge=0, le=1)
    min_order_amount: Finite = updatable(Decimal(5), ge=0)
    max_deviation: Finite = updatable(Decimal("0.05"), ge=0)
    max_open_orders: int = updatable(2, ge=1)
    connector_name: str = Field("binance", min_length=1)
    leverage: int = Field(1, ge=1)
    position_mode: APositionMode = PositionMode.HEDGE
    quote_asset: str = Field("USDT", min_length=1)
    fee_asset: str = "BNB"
    min_spread_between_orders: Finite = updatable(Decimal("0.0001"), ge=0)
    grid_tp_multiplier: Finite = updatable(Decimal("0.0001"), gt=0)
    limit_price_spread: Finite = updatable(Decimal("0.001"), ge=0, lt=1)
    activation_bounds: Finite = updatable(Decimal("0.0002"), ge=0)
    bb_length: int = Field(100, ge=2)
    bb_std_dev: float = Field(2.0, gt=0, allow_inf_nan=False)
    interval: Interval = "1s"
    dynamic_grid_range: bool = updatable(False)
    show_terminated_details: bool = False

    @field_validator("portfolio_allocation")
    @classmethod
    def _shares_of_one(cls, shares: dict[str, Decimal]) -> dict[str, Decimal]:
        if any(share <= 0 for share in shares.values()) or sum(shares.values()) > 1:
            raise ValueError("shares are above 0 and at most 1 together")
        return shares

    def market_of(self, asset: str) -> Market:
        return Market(self.connector_name, f"{asset}-{self.quote_asset}")
