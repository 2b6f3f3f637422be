"""What a Gateway of our own needs."""

from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, model_validator

from aviary_common.secrets import weak_password
from aviary_common.settings import AviarySettings


class LifecycleSettings(AviarySettings):
    gateway_dir: Path
    """Shared with orchestration, which gives parts of it to the container."""
    gateway_passphrase: SecretStr
    """Locks the wallets and the keys of the certificates, unless a start brings another one."""
    gateway_start_deadline_s: float = Field(default=60.0, gt=0)
    """From the start of its container to its first answer."""

    @model_validator(mode="after")
    def refuse_weak_passphrase(self) -> Self:
        if reason := weak_password(self.gateway_passphrase.get_secret_value()):
            raise ValueError(
                f"AVIARY_GATEWAY_PASSPHRASE {reason}. It locks Gateway's wallets: set it to at least 12 random "
                "characters, or remove it and let `make start` generate one."
            )
        return self
