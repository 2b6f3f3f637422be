"""The one table of what runs: components, services, their ports, routes, schemas and rights.

Everything else (configuration files, environments, start order, routes) is computed from here.
"""

from dataclasses import dataclass

DATABASE = "aviary"
SUPERUSER = "aviary"
REPLICAS_MAX = 10


@dataclass(frozen=True)
class Service:
    """`port` is an offset from AVIARY_PORT_BASE and replica i listens at `port + i`.

    `areas` are the second words of the subjects it publishes (`aviary.<area>.>`), `asks` the services that it may send
    requests to, `topics` other subjects it both publishes and reads (the bots' own). `candles` says that it reads
    market-data's candle store, `gateway` that it works in Hummingbot Gateway's folder. `code` is the package when it is
    not named after the service, `listeners` what else it listens on, with offsets as in a `Component`. Services that
    name the same schema share its role.
    """

    name: str
    port: int
    prefixes: tuple[str, ...] = ()
    schema: str | None = None
    areas: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    config_password: bool = False
    cache: bool = True
    login: bool = True
    exchanges: bool = False
    bots: bool = False
    gateway: bool = False
    candles: bool = False
    directory: bool = False
    replicas_max: int = REPLICAS_MAX
    code: str | None = None
    listeners: tuple[tuple[str, int], ...] = ()

    @property
    def package(self) -> str:
        return self.code or "aviary_" + self.name.replace("-", "_")

    @property
    def role(self) -> str:
        return f"aviary_{self.schema}"

    @property
    def nats(self) -> bool:
        return bool(self.areas or self.asks)


@dataclass(frozen=True)
class Component:
    """A real server we did not write; `ports` maps what listens to its offset from AVIARY_PORT_BASE."""

    name: str
    ports: dict[str, int]


POSTGRES = Component("postgres", {"postgres": 32})
VALKEY = Component("valkey", {"valkey": 79})
NATS_MQTT = "nats mqtt"
NATS = Component("nats", {"nats": 22, "nats monitor": 23, NATS_MQTT: 24})
TRAEFIK = Component("traefik", {"traefik admin": 1})
COMPONENTS = (POSTGRES, VALKEY, NATS, TRAEFIK)

SANDBOX = Service("sandbox-exchange", 90, cache=False, login=False, replicas_max=1)
ACCOUNTS = Service(
    "accounts",
    100,
    prefixes=("/accounts", "/portfolio", "/users", "/api-keys", "/audit"),
    schema="accounts",
    areas=("accounts", "portfolio"),
    asks=("trading", "market-data", "gateway-proxy"),
    config_password=True,
    exchanges=True,
)
TRADING = Service(
    "trading",
    110,
    prefixes=("/trading", "/executors", "/ws/executors"),
    schema="trading",
    areas=("trading",),
    asks=("accounts", "market-data"),
    config_password=True,
    exchanges=True,
)
MARKET_DATA = Service(
    "market-data",
    120,
    prefixes=("/market-data", "/connectors", "/rate-oracle", "/ws/market-data"),
    schema="market_data",
    areas=("market-data", "market"),
    exchanges=True,
)
ORCHESTRATION = Service(
    "orchestration",
    130,
    prefixes=("/docker", "/bot-orchestration", "/controllers", "/scripts", "/archived-bots", "/system", "/storage"),
    schema="orchestration",
    areas=("orchestration",),
    asks=("accounts",),
    topics=("hbot.>", "hummingbot-api.response.>"),
    config_password=True,
    bots=True,
    gateway=True,
)
GATEWAY_PROXY = Service(
    "gateway-proxy",
    140,
    prefixes=("/gateway", "/chains", "/accounts/gateway"),
    schema="gateway_proxy",
    areas=("gateway-proxy", "gateway"),
    asks=("orchestration", "market-data"),
    gateway=True,
)
BACKTESTING_WORK = ("work.backtesting.>",)
"""What the backtesting API and its workers say to each other. No event: JetStream keeps it in a queue of its own."""
BACKTESTING = Service(
    "backtesting",
    150,
    prefixes=("/backtesting",),
    schema="backtesting",
    areas=("backtesting",),
    asks=("orchestration",),
    topics=BACKTESTING_WORK,
)
BACKTESTING_WORKER = Service(
    "backtesting-worker",
    180,
    schema="backtesting",
    areas=("backtesting",),
    topics=BACKTESTING_WORK,
    candles=True,
    code="aviary_backtesting.worker",
)
BOTS_BROKER = "bots' broker"
"""Where bots connect to by MQTT."""
MQTT_EDGE = Service(
    "mqtt-edge",
    170,
    replicas_max=1,
    code="aviary_orchestration.mqtt_edge",
    listeners=((BOTS_BROKER, 83),),
)
PORTAL = Service("portal", 160, prefixes=("/",), asks=("accounts",), directory=True)

SERVICES = (
    SANDBOX, ACCOUNTS, TRADING, MARKET_DATA, ORCHESTRATION, GATEWAY_PROXY, BACKTESTING, BACKTESTING_WORKER, MQTT_EDGE,
    PORTAL,
)  # fmt: skip
CANDLES = "candles"
FOLDERS = ("bots", "gateway", SANDBOX.name, CANDLES)
"""What services keep outside the database and cannot make again; candles can be downloaded again, in their time."""
EXCHANGE_BASE_URLS = {"sandbox": SANDBOX, "sandbox_perpetual": SANDBOX}


def service(name: str) -> Service:
    """The service called `name`; KeyError when there is none."""
    return {each.name: each for each in SERVICES}[name]


def with_schema() -> tuple[Service, ...]:
    """One service of each schema."""
    return tuple({each.schema: each for each in reversed(SERVICES) if each.schema}.values())


def with_nats() -> tuple[Service, ...]:
    return tuple(each for each in SERVICES if each.nats)
