"""Everything the stand-in knows: the chains, which outlive Gateway, and Gateway's own memory."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.gateway_peer.chain.network import Link, Network
from tests.gateway_peer.config import Config
from tests.gateway_peer.errors import BadRequest
from tests.gateway_peer.journal import Journal
from tests.gateway_peer.limiter import Limiter
from tests.gateway_peer.listings import Listings
from tests.gateway_peer.networks import evm_networks
from tests.gateway_peer.quotes import Quotes
from tests.gateway_peer.wallets import Wallets


@dataclass
class Timing:
    """The real Gateway's slowness, in seconds, as far as a test wants it."""

    send_s: float = 0.02
    """Between the reading of a nonce and the sending: who sends meanwhile has the same."""
    poll_retry_s: float = 0.0
    """A poll of an unknown transaction looks three times more; the real one waits a second each time."""
    key_s: float = 0.0
    """Nothing else runs while a key is decrypted; the real one takes 1.3 to 4 s."""
    mining_timeout_s: float = 0.0
    """How long a call waits for a transaction that is held; ``transactionExecutionTimeoutMs``, 10 s."""
    outage_s: float = 0.1
    """After POST /restart; the real one takes 14 s."""


@dataclass(frozen=True)
class Request:
    """One that arrived, whole: the private keys in it too."""

    method: str
    path: str
    query: dict[str, str]
    body: object
    status: int
    """What was answered; 0 when the answer was lost."""


@dataclass
class Answer:
    """What the control plane decided for the next requests whose path begins so."""

    path: str
    times: int = 1
    delay_s: float = 0.0
    status: int | None = None
    message: str = "An unexpected error occurred"
    lost: bool = False
    """Done, and never answered."""


@dataclass
class World:
    wallets: Wallets
    config: Config
    networks: dict[str, Network] = field(default_factory=evm_networks)
    listings: Listings = field(default_factory=Listings)
    quotes: Quotes = field(default_factory=Quotes)
    limiter: Limiter = field(default_factory=Limiter)
    timing: Timing = field(default_factory=Timing)
    answers: list[Answer] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    rpc_urls: dict[str, str] = field(default_factory=dict)
    restarts: int = 0
    clients_at_restart: list[int] = field(default_factory=list)
    """How many connections to our port the real one would have found, and killed their processes."""
    ahead_s: float = 0.0

    def __post_init__(self) -> None:
        self.build_instances()

    def now_s(self) -> float:
        return time.time() + self.ahead_s

    def build_instances(self) -> None:
        """Gateway reads ``nodeURL`` once."""
        self.rpc_urls = {name: self.config.text(name, "nodeURL") for name in self.config.namespaces if "-" in name}

    def restart(self, clients: int) -> None:
        """Gateway starts anew; the chains have not noticed."""
        self.restarts += 1
        self.clients_at_restart.append(clients)
        self.quotes.forget_all()
        self.limiter.counts.clear()
        self.build_instances()

    def evm(self, network: str) -> Network:
        if network not in self.networks:
            raise BadRequest(f"Unsupported network: {network}")
        return self.networks[network]

    def reaches(self, network: Network) -> bool:
        return network.gateway_link is Link.ALIVE


@dataclass
class Stage:
    """The present world, and a way to a new one."""

    build: Callable[[], World]
    journal: Journal
    save: Callable[[World], None]
    """After every request that may have changed something."""
    clients_at_start: int = 0
    """As ``clients_at_restart``, when this process began."""
    world: World = field(init=False)

    def __post_init__(self) -> None:
        self.world = self.build()

    def reset(self) -> None:
        self.world = self.build()
        self.save(self.world)

    def log(self, level: str, message: str) -> None:
        offset = self.world.config.namespaces["server"]["GMTOffset"]
        self.journal.write(level, message, offset if isinstance(offset, int) else 0)
