"""What is counted of orders: how they were placed, how long it took, and which have no known fate yet."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from prometheus_client import Counter, Gauge, Histogram
from sqlalchemy import func, select, text

from aviary_common.database import Database
from aviary_common.errors import AviaryError
from aviary_common.figures import Reading
from aviary_common.timing import measured
from aviary_trading.orders.record import Order
from aviary_trading.orders.states import OrderState
from aviary_trading.orders.tables import IS_UNCLEAR, order

OUTCOMES: Final = ("accepted", "rejected", "unresolved", "refused", "repeated", "failed")
PLACED: Final = Counter(
    "aviary_orders_total",
    "Attempts to place an order: accepted, rejected or unresolved at the venue; refused, repeated or failed here",
    ["connector", "outcome"],
)
PARTS: Final = Histogram(
    "aviary_order_duration_seconds",
    "Placing an order: the venue's part, and ours, which is the rest",
    ["part"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
KNOWN_AFTER: Final = Histogram(
    "aviary_order_known_after_seconds",
    "From writing an order's intent to knowing whether the venue has it",
    ["connector"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 15, 60, 300),
)
CHANGES: Final = Counter("aviary_order_changes_total", "Changes of orders, by the state that they came to", ["status"])
FILLS: Final = Counter("aviary_fills_total", "Fills stored, each once", ["connector"])
UNRESOLVED: Final = Gauge(
    "aviary_orders_unresolved", "Orders being placed or cancelled whose fate is not known", ["connector", "state"]
)
OLDEST: Final = Gauge(
    "aviary_orders_unresolved_oldest_age_seconds",
    "For how long the oldest of them has been so",
    ["connector", "state"],
)
_STATES: Final = (OrderState.PENDING_CREATE, OrderState.PENDING_CANCEL)
_QUERY: Final = (
    select(
        order.c.connector_name,
        order.c.status,
        func.count().label("orders"),
        func.extract("epoch", func.now() - func.min(order.c.updated_at)).label("oldest_s"),
    )
    .where(text(IS_UNCLEAR), order.c.status.in_(_STATES))
    .group_by(order.c.connector_name, order.c.status)
)
for _status in OrderState:
    CHANGES.labels(_status)


class Placing:
    """One attempt: ``outcome`` is what it came to so far."""

    def __init__(self) -> None:
        self.outcome = "failed"
        self._venue_s = 0.0
        self._sent = False

    @contextmanager
    def at_venue(self) -> Iterator[None]:
        started = time.perf_counter()
        self._sent = True
        try:
            with measured("venue"):
                yield
        finally:
            self._venue_s += time.perf_counter() - started

    def observe(self, seconds: float) -> None:
        """Of what was sent; the rest is over too soon to say anything."""
        if self._sent:
            PARTS.labels("venue").observe(self._venue_s)
            PARTS.labels("ours").observe(seconds - self._venue_s)


@contextmanager
def placing(connector: str) -> Iterator[Placing]:
    attempt = Placing()
    started = time.perf_counter()
    try:
        yield attempt
    except AviaryError as error:
        if attempt.outcome == "failed" and error.status < 500:
            attempt.outcome = "refused"
        raise
    finally:
        PLACED.labels(connector, attempt.outcome).inc()
        attempt.observe(time.perf_counter() - started)


def changed(before: Order, after: Order, fills: int) -> None:
    """Counted where it was written."""
    if fills:
        FILLS.labels(before.connector_name).inc(fills)
    if after.status is not before.status:
        CHANGES.labels(after.status).inc()
        if before.status is OrderState.PENDING_CREATE:
            KNOWN_AFTER.labels(before.connector_name).observe((after.updated_at - before.created_at).total_seconds())


class UnresolvedFigures:
    """``connectors`` names those that something can be said of, also when that is zero."""

    def __init__(self, database: Database, connectors: Callable[[], Sequence[str]]) -> None:
        self._database = database
        self._connectors = connectors

    async def look(self) -> Iterable[Reading]:
        async with self._database.single() as connection:
            rows = (await connection.execute(_QUERY)).all()
        found = {(row.connector_name, str(row.status)): (row.orders, max(0.0, float(row.oldest_s))) for row in rows}
        none = {(connector, str(state)): (0, 0.0) for connector in self._connectors() for state in _STATES}
        return [
            reading
            for labels, (count, oldest_s) in (none | found).items()
            for reading in (Reading(UNRESOLVED, labels, count), Reading(OLDEST, labels, oldest_s))
        ]
