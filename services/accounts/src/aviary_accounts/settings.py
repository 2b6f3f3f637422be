"""What the accounts service needs to start."""

from typing import Self

from pydantic import Field, model_validator

from aviary_common.settings import AviarySettings, BusSettings, DatabaseSettings, ServiceSettings, VaultSettings


class SnapshotSettings(AviarySettings):
    """When the portfolio is written down, and how long that is kept."""

    snapshot_every_s: float = Field(default=300.0, ge=0)
    """0: never."""
    snapshot_after_fill_s: float = Field(default=5.0, ge=0)
    """Long enough for a burst of fills to end and for the balances to follow."""
    snapshot_gap_s: float = Field(default=30.0, ge=0)
    """Between two snapshots, however many fills there are."""
    snapshot_retry_s: float = Field(default=5.0, gt=0)
    snapshot_keep_all_days: float = Field(default=7.0, gt=0)
    """Older ones: the newest of each hour."""
    snapshot_keep_hourly_days: float = Field(default=90.0, gt=0)
    """Older ones: the newest of each day."""

    @model_validator(mode="after")
    def fewer_with_age(self) -> Self:
        if self.snapshot_keep_hourly_days < self.snapshot_keep_all_days:
            raise ValueError(
                "AVIARY_SNAPSHOT_KEEP_HOURLY_DAYS is less than AVIARY_SNAPSHOT_KEEP_ALL_DAYS: it counts from now, too."
            )
        return self


class AccountsSettings(ServiceSettings, BusSettings, DatabaseSettings, VaultSettings, SnapshotSettings):
    service: str = "accounts"
    banned_tokens: tuple[str, ...] = ("NAV", "ARS", "ETHW", "ETHF")
    """Tokens that never count in a portfolio: worthless ones whose names collide."""
