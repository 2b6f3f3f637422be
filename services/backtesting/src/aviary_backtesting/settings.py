"""What the backtesting service and its workers need to start."""

from pydantic import Field

from aviary_backtesting.sweeps.settings import SweepSettings
from aviary_common.settings import AviarySettings, BusSettings, DatabaseSettings, ServiceSettings


class LifeSettings(AviarySettings):
    """When a run counts as abandoned, and how much is kept."""

    backtest_heartbeat_s: float = Field(default=1.0, gt=0)
    backtest_dead_after_s: float = Field(default=6.0, gt=0)
    """A worker that was not heard of for so long is taken for dead: another one begins its run anew."""
    backtest_attempts: int = Field(default=3, ge=1)
    """Workers that may die over one run; then it is the run's fault."""
    backtest_look_s: float = Field(default=1.0, gt=0)
    """How often somebody looks for runs that nobody works on."""
    backtest_keep_runs: int = Field(default=1000, ge=1)
    backtest_keep_bytes: int = Field(default=4_000_000_000, ge=1)
    """Of results, the newest."""


class BacktestingSettings(ServiceSettings, BusSettings, DatabaseSettings, LifeSettings, SweepSettings):
    service: str = "backtesting"
    backtest_max_candles: int = Field(default=20_000_000, ge=1)
    """That one run may need, of all markets and intervals together."""
    backtest_min_coverage: float = Field(default=0.95, ge=0, le=1)
    """The share of candles that must be there, where nobody says how many."""
    backtest_wait_s: float = Field(default=290.0, gt=0)
    """How long an answer may wait for its run: the official client gives up after 300 seconds."""
    backtest_part_wait_s: float = Field(default=10.0, ge=0)
    """How long an answer may wait for a part that is still being written."""
    backtest_upload_bytes: int = Field(default=100_000_000, ge=1)
    backtest_upload_rows: int = Field(default=6_000_000, ge=1)
    backtest_keep_uploads_bytes: int = Field(default=1_000_000_000, ge=1)
