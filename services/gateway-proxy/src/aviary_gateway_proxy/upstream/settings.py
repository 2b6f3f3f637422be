"""How patient we are with Gateway, and where it is when somebody else looks after it."""

from pathlib import Path

from pydantic import Field, SecretStr

from aviary_common.settings import AviarySettings


class UpstreamSettings(AviarySettings):
    gateway_url: str | None = Field(default=None, pattern=r"^https?://")
    """Of a Gateway that runs already; without it Aviary starts one in Docker."""
    gateway_certificates: Path | None = None
    """The folder of ``ca_cert.pem``, ``client_cert.pem`` and ``client_key.pem`` for such a Gateway."""
    gateway_certificates_passphrase: SecretStr | None = None
    """Opens its ``client_key.pem``."""
    gateway_deadline_s: float = Field(default=30.0, gt=0)
    """For a question."""
    gateway_send_deadline_s: float = Field(default=90.0, gt=0)
    """For a transaction: Gateway answers when it is mined, or after its own deadline."""
    gateway_requests_per_min: int = Field(default=95, ge=1)
    """Of all replicas; Gateway refuses more than 100 from one address."""
    gateway_patience_s: float = Field(default=5.0, ge=0)
    """How long a request may wait for its turn."""
