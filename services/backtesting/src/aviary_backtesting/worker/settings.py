"""What a worker needs to start."""

from pathlib import Path

from pydantic import Field

from aviary_backtesting.settings import LifeSettings
from aviary_backtesting.sweeps.settings import SweepSettings
from aviary_common.settings import BusSettings, DatabaseSettings, ServiceSettings


class WorkerSettings(ServiceSettings, BusSettings, DatabaseSettings, LifeSettings, SweepSettings):
    service: str = "backtesting-worker"
    database_pool_size: int = Field(default=4, ge=1)
    market_data_url: str = Field(pattern=r"^https?://")
    backtest_cache_dir: Path
    """For this machine's workers; what is in it can be fetched again."""
    backtest_cache_bytes: int = Field(default=2_000_000_000, ge=0)
    backtest_nice: int = Field(default=10, ge=0, le=19)
    """How much the workers stand back for everybody else."""
    backtest_run_s: float = Field(default=3600.0, gt=0)
    """The longest that one run may compute."""
    backtest_patience_s: float = Field(default=120.0, gt=0)
    """How long a download of candles may stand still, or market-data be away."""
