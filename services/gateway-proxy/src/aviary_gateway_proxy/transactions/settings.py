"""How transactions are followed."""

from datetime import timedelta
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from aviary_common.settings import AviarySettings

SLACK_S: Final = 10.0


class TransactionPace(BaseModel):
    """The defaults suit real chains; simulated ones may be hurried."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    look_every_s: float = Field(default=3.0, gt=0)
    """Between two looks at a young transaction; an older one is looked at every tenth of its age."""
    longest_look_s: float = Field(default=300.0, gt=0)
    settle_s: float = Field(default=20.0, ge=0)
    """After a lost answer: when the wallet's nonce has not moved for so long, nothing was sent."""
    give_up_s: float = Field(default=3600.0, gt=0)
    """A transaction that no node knows is dropped at this age, and one without any trace has failed."""
    hold_s: float = Field(default=900.0, gt=0)
    """How long one that does not end keeps the wallet's other transactions waiting."""
    wait_s: float = Field(default=60.0, gt=0)
    """How long a request may wait for the wallet's earlier ones."""
    turn_every_s: float = Field(default=0.1, gt=0)
    """Between two looks whether it is its turn."""
    queue_length: int = Field(default=16, ge=1)
    """Of one wallet's requests that wait."""

    def next_look(self, age: timedelta) -> timedelta:
        seconds = min(self.longest_look_s, max(self.look_every_s, age.total_seconds() / 10))
        return timedelta(seconds=seconds)


class TransactionSettings(AviarySettings):
    transaction_pace: TransactionPace = TransactionPace()
    gateway_node_urls: dict[str, SecretStr] = Field(default_factory=dict)
    """By network id (``ethereum-mainnet``): the node to ask for receipts instead of the one that Gateway uses."""
    gateway_node_deadline_s: float = Field(default=5.0, gt=0)
