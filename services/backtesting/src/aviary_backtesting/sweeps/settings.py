"""How large a sweep may be, how it is cut, and how many are kept."""

from pydantic import Field

from aviary_common.settings import AviarySettings


class SweepSettings(AviarySettings):
    backtest_sweep_configs: int = Field(default=1_000_000, ge=1)
    backtest_sweep_candles: float = Field(default=1e12, gt=0)
    """Configs times the candles that each goes through."""
    backtest_sweep_asked: int = Field(default=10_000, ge=1)
    """Configs that TPE may choose: it looks at all before for each new one."""
    backtest_shard_s: float = Field(default=0.75, gt=0)
    """How long one worker shall compute before it looks for something shorter to do."""
    backtest_shard_configs: int = Field(default=20_000, ge=1)
    """That one shard may have."""
    backtest_keep_sweeps: int = Field(default=200, ge=1)
    backtest_keep_sweep_bytes: int = Field(default=4_000_000_000, ge=1)
