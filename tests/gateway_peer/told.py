"""What the control plane is told; a field that nobody knows is refused."""

from decimal import Decimal

from pydantic import BaseModel, ConfigDict

from tests.gateway_peer.chain.network import Link
from tests.gateway_peer.chain.transactions import End, Fate


class Told(BaseModel):
    model_config = ConfigDict(extra="forbid")


class OnNetwork(Told):
    network: str = "mainnet"


class Fates(OnNetwork):
    """For the next transactions of a network, one after the other."""

    fates: list[Fate]


class Finish(OnNetwork):
    """Of one transaction in the mempool, or of all."""

    hash: str | None = None
    end: End | None = None
    """None: as its fate says."""


class Fund(OnNetwork):
    address: str
    token: str
    amount: Decimal


class Price(OnNetwork):
    pool: str
    price: Decimal
    """Token1 per token0."""


class Fees(OnNetwork):
    position: int
    amount0: Decimal = Decimal(0)
    amount1: Decimal = Decimal(0)


class Links(OnNetwork):
    gateway: Link | None = None
    node: Link | None = None
    node_refuses: list[str] | None = None
    """Methods of JSON-RPC."""


class Up(Told):
    up: bool


class Blocks(OnNetwork):
    count: int = 1


class Ahead(Told):
    seconds: float


class Limit(Told):
    per_minute: int


class Passphrase(Told):
    passphrase: str


class Answers(Told):
    path: str
    times: int = 1
    delay_s: float = 0.0
    status: int | None = None
    message: str = "An unexpected error occurred"
    lost: bool = False


class Times(Told):
    send_s: float | None = None
    poll_retry_s: float | None = None
    key_s: float | None = None
    outage_s: float | None = None
    mining_timeout_s: float | None = None
