"""Where the venue keeps its state and what it does by itself: ``AVIARY_SANDBOX_*``."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class SandboxSettings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="AVIARY_SANDBOX_", extra="ignore")

    data_dir: Path = Path("sandbox-exchange-data")
    seed: int = 1
    flow: bool = True
    """Whether the house makes markets and trades; without it the books hold users' orders only."""
    control: bool = True
    """Whether ``/sandbox/...`` exists."""
    history_days: int = Field(default=90, ge=1, le=660)
    """There are candles of so many days before the venue was founded. The first chart of many days takes milliseconds
    for each of them."""
    extra_pairs: int = Field(default=0, ge=0, le=500)
    """So many more spot pairs are listed. Never lower it: the orders of pairs that are gone could not be read."""
