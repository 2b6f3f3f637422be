"""What happens, drawn from a seed alone.

A *schedule* is one account's traffic with the faults of its own: the orders, cancellations and repeated requests of one
caller, and what the venue does to that API key's requests and stream. Schedules run in *rounds* of ``ROUND`` accounts
at once, because a process belongs to everybody: the round's *incidents* (``kill -9`` of a replica, of a session's
owner, of Postgres, NATS or Valkey; a moving market) and the deaths that single schedules cause (``kill -9`` of the
replica at the n-th await of a path) hit each schedule of the round as it happens to be just then.

The seed fixes what is done and in which order relative to the steps, not how the machine interleaves it. Schedule
``seed`` belongs to round ``seed // ROUND`` and is replayed with it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random
from typing import Final, Literal

ROUND: Final = 16
KILLS_PER_ROUND: Final = 5
STRIDE: Final = 37
CALM_EVERY: Final = 4
"""In each such round nothing dies, so that the callers and their venue's faults have it to themselves."""

AWAITS: Final[Mapping[str, int]] = {
    "first": 20,
    "place": 16,
    "unresolved": 18,
    "again": 14,
    "cancel": 14,
    "intents": 16,
    "savings": 10,
    "heard": 12,
    "compare": 10,
    "publish": 19,
}
"""How often each path waits at most, with the connecting of an empty pool, which may fall into any of them."""

COLD_FROM: Final[Mapping[str, int]] = {
    "first": 1,
    "place": 99,
    "unresolved": 9,
    "again": 4,
    "cancel": 6,
    "intents": 3,
    "savings": 3,
    "heard": 4,
    "compare": 5,
    "publish": 6,
}
"""From this await on a path is only that long in a replica that has just begun."""

POINTS: Final = tuple((path, number) for path, longest in AWAITS.items() for number in range(1, longest + 1))


@dataclass(frozen=True, slots=True)
class Market:
    trading_pair: str
    price: Decimal
    tick: Decimal
    step: Decimal


MARKETS: Final[Mapping[str, Sequence[Market]]] = {
    "sandbox": (
        Market("BTC-USDT", Decimal(60000), Decimal("0.01"), Decimal("0.00001")),
        Market("ETH-USDT", Decimal(3000), Decimal("0.01"), Decimal("0.0001")),
        Market("SOL-USDT", Decimal(150), Decimal("0.01"), Decimal("0.001")),
    ),
    "sandbox_perpetual": (
        Market("BTC-USDT", Decimal(60000), Decimal("0.1"), Decimal("0.001")),
        Market("ETH-USDT", Decimal(3000), Decimal("0.01"), Decimal("0.001")),
        Market("SOL-USDT", Decimal(150), Decimal("0.01"), Decimal("0.01")),
    ),
}
PATHS: Final[Mapping[str, Mapping[str, str]]] = {
    "sandbox": {"order": "/api/v3/order", "fills": "/api/v3/myTrades", "account": "/api/v3/account"},
    "sandbox_perpetual": {"order": "/fapi/v1/order", "fills": "/fapi/v1/userTrades", "account": "/fapi/v3/account"},
}


@dataclass(frozen=True, slots=True)
class Kill:
    """``kill -9`` of the replica at the n-th suspension of a path."""

    path: str
    number: int


@dataclass(frozen=True, slots=True)
class Again:
    """The same request once more, from the same caller: beside the first one, or after its end."""

    replica: int
    when: Literal["beside", "after"]


@dataclass(frozen=True, slots=True)
class Place:
    name: str
    replica: int
    order: Mapping[str, str]
    kind: str
    again: tuple[Again, ...] = ()
    path: str = "place"


@dataclass(frozen=True, slots=True)
class Cancel:
    name: str
    replica: int
    again: tuple[Again, ...] = ()
    path: str = "cancel"


@dataclass(frozen=True, slots=True)
class VenueFault:
    kind: str
    method: str
    path: str
    count: int = 1
    delay_ms: int = 0
    status: int = 503
    retry_after_s: int = 1


@dataclass(frozen=True, slots=True)
class StreamFault:
    kind: Literal["drop", "gap", "echo", "late", "quiet"]
    count: int = 1


@dataclass(frozen=True, slots=True)
class Arm:
    """From now on the first replica dies in which anybody's work on that path is suspended for the n-th time."""

    kill: Kill


@dataclass(frozen=True, slots=True)
class Restart:
    """``kill -9`` of a replica, and patience until it serves again, with empty pools and closed exchanges."""

    replica: int


@dataclass(frozen=True, slots=True)
class Pause:
    seconds: float


Step = Place | Cancel | VenueFault | StreamFault | Arm | Restart | Pause


@dataclass(frozen=True)
class Schedule:
    seed: int
    connector: str
    steps: tuple[Step, ...]

    @property
    def account(self) -> str:
        return f"chaos-{self.seed}"


@dataclass(frozen=True, slots=True)
class Incident:
    """``after``: how many steps of the round must have ended before it happens."""

    after: int
    kind: Literal["kill replica", "kill owner", "kill postgres", "kill nats", "kill valkey", "price"]
    which: int = 0
    down_s: float = 0.0
    factor: Decimal = Decimal(1)


@dataclass(frozen=True)
class Round:
    number: int
    schedules: tuple[Schedule, ...]
    incidents: tuple[Incident, ...]
    restart_after_s: float
    steps: int


def draw_round(number: int) -> Round:
    random = Random(f"round {number}")
    calm = number % CALM_EVERY == CALM_EVERY - 1
    kills = [] if calm else _kills(number - number // CALM_EVERY)
    killers = dict(zip(random.sample(range(ROUND), len(kills)), kills, strict=True))
    schedules = tuple(draw(number * ROUND + place, killers.get(place)) for place in range(ROUND))
    steps = sum(len(schedule.steps) for schedule in schedules)
    incidents = _prices(random, steps) if calm else [*_prices(random, steps), *_deaths(random, steps)]
    incidents.sort(key=lambda incident: incident.after)
    return Round(number, schedules, tuple(incidents), random.choice((0.0, 0.1, 0.5)), steps)


def _kills(turn: int) -> Sequence[Kill]:
    """Turn by turn through all points, on different paths at a time, so that a long run dies at each."""
    first = turn * KILLS_PER_ROUND
    return [Kill(*POINTS[(first + offset) * STRIDE % len(POINTS)]) for offset in range(KILLS_PER_ROUND)]


def _prices(random: Random, steps: int) -> list[Incident]:
    factors = random.sample(("0.99", "1.01", "0.995", "1"), 3)
    return [Incident(_at(random, steps), "price", factor=Decimal(factor)) for factor in factors]


def _deaths(random: Random, steps: int) -> list[Incident]:
    servers = random.choice(((), ("postgres",), ("postgres",), ("nats",), ("valkey",), ("postgres", "valkey")))
    found = [Incident(_at(random, steps), f"kill {name}", down_s=random.choice((0.0, 0.1, 0.5))) for name in servers]  # type: ignore[arg-type]
    if random.random() < 0.3:
        found.append(Incident(_at(random, steps), "kill replica", which=random.randrange(2)))
    if random.random() < 0.6:
        found.append(Incident(_at(random, steps), "kill owner", which=random.randrange(ROUND)))
    return found


def _at(random: Random, steps: int) -> int:
    return random.randrange(steps // 8, steps)


def draw(seed: int, kill: Kill | None = None) -> Schedule:
    random = Random(f"schedule {seed}")
    connector = random.choices(("sandbox", "sandbox_perpetual"), (3, 1))[0]
    steps: list[Step] = []
    names: list[str] = []
    for number in range(random.randrange(3, 7)):
        steps.extend(_disturbance(random, connector))
        steps.append(_place(random, connector, f"{seed}-{number}"))
        names.append(f"{seed}-{number}")
        if random.random() < 0.4:
            steps.extend(_cancelling(random, connector, names))
        steps.append(Pause(round(random.uniform(0, 0.2), 3)))
    if kill is not None:
        place = random.randrange(len(steps) // 2)
        steps[place:place] = _killing(random, connector, f"{seed}-k", kill)
    return Schedule(seed, connector, tuple(steps))


def _cancelling(random: Random, connector: str, names: Sequence[str]) -> list[Step]:
    name = names[-1] if random.random() < 0.6 else random.choice(names)
    cancel = Cancel(name, random.randrange(2), _copies(random, 0.25))
    what = random.random()
    if what < 0.4:
        return [_rest_fault(random, connector, "DELETE"), cancel]
    return [StreamFault("late"), cancel, StreamFault("quiet")] if what < 0.55 else [cancel]


def _disturbance(random: Random, connector: str) -> list[Step]:
    what = random.random()
    if what < 0.45:
        return [_rest_fault(random, connector, "POST")]
    if what < 0.55:
        return [_rest_fault(random, connector, "GET")]
    if what < 0.65:
        kind = random.choice(("drop", "gap", "echo", "late"))
        return [StreamFault(kind, random.randrange(1, 8))]  # type: ignore[arg-type]
    return []


def _rest_fault(random: Random, connector: str, method: str) -> VenueFault:
    kind = random.choices(
        (
            "delay",
            "drop_before",
            "drop_after",
            "status_before",
            "status_after",
            "truncate_after",
            "rate_limit",
            "ban",
        ),
        (4, 3, 5, 2, 3, 3, 1, 1),
    )[0]
    path = PATHS[connector][random.choice(("order", "order", "fills", "account")) if method == "GET" else "order"]
    return VenueFault(
        kind,
        method,
        path,
        count=random.choice((1, 1, 1, 2, 3)),
        delay_ms=random.choice((50, 300, 900, 1500, 3000)) if kind == "delay" else 0,
        status=random.choice((500, 502, 503, 504)),
        retry_after_s=1,
    )


def _copies(random: Random, probability: float) -> tuple[Again, ...]:
    if random.random() >= probability:
        return ()
    return tuple(
        Again(random.randrange(2), random.choice(("beside", "after"))) for _ in range(random.choice((1, 1, 2)))
    )


def _place(random: Random, connector: str, name: str) -> Place:
    kind = random.choices(tuple(KINDS), tuple(weight for weight, _ in KINDS.values()))[0]
    return Place(name, random.randrange(2), _order(random, connector, kind), kind, _copies(random, 0.35))


def _order(random: Random, connector: str, kind: str) -> Mapping[str, str]:
    market = random.choice(MARKETS[connector])
    side = random.choice(("BUY", "SELL"))
    order_type, worth, away = KINDS[kind][1](random)
    # ``away`` is how far on the far side of the market the price is: negative would trade at once.
    factor = 1 - away if side == "BUY" else 1 + away
    price = (market.price * Decimal(repr(factor))).quantize(market.tick)
    amount = (Decimal(repr(worth)) / market.price).quantize(market.step)
    order = {"trading_pair": market.trading_pair, "trade_type": side, "order_type": order_type, "amount": str(amount)}
    return order if order_type == "MARKET" else {**order, "price": str(price)}


Recipe = Callable[[Random], tuple[str, float, float]]
"""Order type, worth in USDT, and the price's distance from the market."""

KINDS: Final[Mapping[str, tuple[int, Recipe]]] = {
    "take": (6, lambda random: ("MARKET", random.uniform(150, 600), 0.0)),
    "rest": (6, lambda random: ("LIMIT", random.uniform(150, 600), random.uniform(0.05, 0.2))),
    "near": (4, lambda random: ("LIMIT", random.uniform(150, 600), random.uniform(0.001, 0.008))),
    "sweep": (3, lambda random: ("LIMIT", random.uniform(5_000, 14_000), -0.0005)),
    "maker": (2, lambda random: ("LIMIT_MAKER", random.uniform(150, 600), random.choice((0.004, 0.1)))),
    "would take": (1, lambda random: ("LIMIT_MAKER", random.uniform(150, 600), -0.01)),
    "too dear": (1, lambda _: ("LIMIT", 5_000_000.0, 0.01)),
    "too small": (1, lambda _: ("LIMIT", 1.5, 0.01)),
}
"""Weight and recipe. What would take and what is too dear the venue refuses; what is too small we do."""


def _killing(random: Random, connector: str, name: str, kill: Kill) -> list[Step]:
    """Steps that lead a replica to the point at which it dies."""
    replica = random.randrange(2)
    rests = Place(name, replica, _order(random, connector, "rest"), "rest", _copies(random, 0.7))
    takes = replace(rests, order=_order(random, connector, "take"), kind="take")
    lost = VenueFault("drop_after", "POST", PATHS[connector]["order"])
    armed: list[Step] = [Arm(kill), *([Restart(replica)] if kill.number >= COLD_FROM[kill.path] else [])]
    match kill.path:
        case "first" | "intents":
            return [*armed, rests]
        case "place":
            return [rests, *armed, *([lost] if kill.number > 6 else []), replace(takes, name=f"{name}2")]
        case "unresolved":
            return [StreamFault("late"), lost, *armed, replace(takes, path="unresolved"), StreamFault("quiet")]
        case "again":
            return [rests, *armed, replace(rests, path="again")]
        case "cancel":
            return [rests, *armed, Cancel(name, replica, _copies(random, 0.7))]
        case "compare":
            return [StreamFault("gap", 30), *armed, lost, rests, Pause(1.0)]
        case _:
            return [*armed, takes, Pause(0.5)]
