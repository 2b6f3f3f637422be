from pathlib import Path

from pydantic import Field

from aviary_common.settings import AviarySettings


class CandleSettings(AviarySettings):
    """Where candles are kept, and how they are fetched."""

    candles_dir: Path
    """Shared by all replicas."""
    candles_settle_s: float = Field(default=5.0, ge=0)
    """How long after its end a candle counts as closed: the venue's clock may be behind ours."""
    candles_flush_s: float = Field(default=60.0, gt=0)
    """How often closed candles that feeds bring are written."""
    candle_import_bytes: int = Field(default=200_000_000, gt=0)
    candle_downloads_at_once: int = Field(default=2, ge=1)
    """In one replica."""
    candle_download_look_s: float = Field(default=2.0, gt=0)
    """How often a replica looks for downloads that nobody works on."""
    candle_download_attempts: int = Field(default=12, ge=1)
    """Failures in a row after which a download is given up; waiting for a rate limit is none."""
    candle_download_retry_s: float = Field(default=1.0, gt=0)
    """The pause after a failure, doubled up to a minute."""
