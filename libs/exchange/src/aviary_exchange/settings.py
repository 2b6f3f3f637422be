"""How exchanges are reached: ``AVIARY_EXCHANGE_*``."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class ExchangeSettings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="AVIARY_EXCHANGE_", extra="ignore")

    base_urls: dict[str, str] = Field(default_factory=dict)
    """Per connector, where it is instead of its public address: ``{"sandbox": "http://127.0.0.1:8190"}``."""
    https_proxy: str | None = None
    wss_proxy: str | None = None
    ca_file: Path | None = None
    timeout_s: float = Field(default=10.0, gt=0)
    """After which a call is given up."""
    signed_for_s: float = Field(default=10.0, gt=0, le=60)
    """How long a signed request may be under way, where the protocol says so (Binance's ``recvWindow``)."""
