"""What the bots' broker needs to start."""

from pydantic import Field, SecretStr, field_validator

from aviary_common.settings import BusSettings
from aviary_orchestration.broker.keys import AccountKey


class BrokerSettings(BusSettings):
    """The broker is the NATS that the services speak through."""

    nats_auth_password: SecretStr
    nats_ops_password: SecretStr
    nats_callout_seed: SecretStr
    """Whoever knows it can let anybody in. NATS' configuration names its public half."""
    bots_broker: str = Field(default="127.0.0.1:1883", pattern=r"^[^:\s]+:\d{1,5}$")
    """Where bots are told to connect to: the client-id edge."""

    @field_validator("nats_callout_seed")
    @classmethod
    def refuse_what_cannot_sign(cls, seed: SecretStr) -> SecretStr:
        try:
            AccountKey.from_seed(seed.get_secret_value())
        except ValueError:
            raise ValueError("this is not the seed of a NATS account") from None
        return seed
