"""The rate budget of one key at one venue: orders never queue behind polling.

Costs are ccxt's units over a rolling window; where the venue reports what it counted (``X-MBX-USED-WEIGHT-1M``), the
larger of both shares decides, because other processes spend from the same address. Each priority may fill the window
only up to its share, so what is left above it is always free for the ones before it; an order is held back by our own
window and a venue's refusal only.

A budget lives in one process. Replicas that use one key share its window through a ``SharedWindow``, which a service
brings along; the budget then asks both, so that its own is up to date when the shared one cannot be reached.
"""

import asyncio
import math
import time
from collections import deque
from collections.abc import Callable, Mapping
from enum import IntEnum
from hashlib import blake2b
from typing import Protocol
from weakref import WeakValueDictionary

from prometheus_client import Counter, Histogram

from aviary_common.errors import TooManyRequests

REPORTED_WEIGHT_HEADER = "x-mbx-used-weight-1m"
UNSTATED_BACK_OFF_S = 10.0

WAITS = Histogram(
    "aviary_rate_budget_wait_seconds",
    "Calls that had to wait until they fitted into the venue's rate limit; those that fit at once are not counted",
    ["connector", "purpose"],
    buckets=(0.05, 0.25, 1, 2.5, 5, 10, 30),
)
REFUSED = Counter(
    "aviary_rate_budget_refusals_total",
    "Calls not made because the wait would have been too long",
    ["connector", "purpose"],
)


class Priority(IntEnum):
    TRADING = 0
    ACCOUNT = 1
    POLLING = 2
    MARKET_DATA = 3


SHARES: Mapping[Priority, float] = {
    Priority.TRADING: 1.0,
    Priority.ACCOUNT: 0.85,
    Priority.POLLING: 0.7,
    Priority.MARKET_DATA: 0.6,
}


class SharedWindow(Protocol):
    """The rolling window of a key, wherever it is used. ``key`` is the connector and a digest of the key itself.

    Neither method raises for a window that cannot be reached: then nothing is shared for a while.
    """

    async def reserve(self, key: str, weight: float, share: float, *, capacity: float, window_s: float) -> float:
        """Spend the weight and answer 0, or, where it does not fit into that share, the seconds to wait."""
        ...

    async def back_off(self, key: str, seconds: float, *, everybody: bool) -> None:
        """Let nobody spend for so long; without ``everybody``, those with the whole window may."""
        ...


def _too_many(words: str, seconds: float) -> Exception:
    return TooManyRequests(words, retry_after_s=math.ceil(seconds))


class RateBudget:
    shared: SharedWindow | None = None
    key: str = ""
    connector: str = "-"

    def __init__(
        self,
        capacity: float,
        *,
        window_s: float,
        patience_s: float,
        clock: Callable[[], float] = time.monotonic,
        refusal: Callable[[str, float], Exception] = _too_many,
    ) -> None:
        """A wait above ``patience_s`` is not begun: then ``refusal`` of the words and the seconds is raised."""
        self._refusal = refusal
        self._untold: list[tuple[float, bool]] = []
        self._capacity = capacity
        self._window_s = window_s
        self._weight_limit: float | None = None
        self._patience_s = patience_s
        self._clock = clock
        self._spent: deque[tuple[float, float]] = deque()
        self._spent_in_all = 0.0
        self._reported_share = 0.0
        self._reported_until = 0.0
        self._closed_until = dict.fromkeys(Priority, 0.0)
        self._turns = {priority: asyncio.Lock() for priority in Priority}

    def learn_limit(self, weight: float, *, cost_per_weight: float) -> None:
        """The weight per clock minute that the venue itself says it allows."""
        self._weight_limit = weight
        self._capacity = weight * cost_per_weight * self._window_s / 60

    async def spend(self, cost: float, priority: Priority) -> None:
        """Wait until the cost fits, in order of arrival within a priority; refused when that takes too long."""
        async with self._turns[priority]:
            waited = 0.0
            labels = self.connector, priority.name.lower()
            while (delay := self._delay(cost, priority) or await self._shared_delay(cost, priority)) > 0:
                if waited + delay > self._patience_s:
                    REFUSED.labels(*labels).inc()
                    raise self._refusal(f"Rate limit reached; free again in {delay:.0f} s.", delay)
                waited += delay
                await asyncio.sleep(delay)
            if waited:
                WAITS.labels(*labels).observe(waited)
            self._spent.append((self._clock(), cost))
            self._spent_in_all += cost

    def observe(self, status: int, headers: Mapping[str, str]) -> None:
        """Learn from an answer: the weight the venue counted, a 429 (all but trading wait), a 418 (everybody does)."""
        lowered = {name.lower(): value for name, value in headers.items()}
        weight = lowered.get(REPORTED_WEIGHT_HEADER)
        if self._weight_limit and weight and weight.isdecimal():
            self._reported_share = int(weight) / self._weight_limit
            self._reported_until = self._clock() + 60 - time.time() % 60
        if status in (418, 429):
            stated = retry_after_s(lowered)
            seconds = UNSTATED_BACK_OFF_S if stated is None else stated
            self._back_off(seconds, everybody=status == 418)
            if self.shared is not None:
                self._untold.append((seconds, status == 418))

    async def tell_the_others(self) -> None:
        """Pass on what ``observe`` has learnt and other processes must know."""
        while self.shared is not None and self._untold:
            seconds, everybody = self._untold.pop()
            await self.shared.back_off(self.key, seconds, everybody=everybody)

    def _back_off(self, seconds: float, *, everybody: bool) -> None:
        for priority in Priority:
            if everybody or priority is not Priority.TRADING:
                self._closed_until[priority] = max(self._closed_until[priority], self._clock() + seconds)

    async def _shared_delay(self, cost: float, priority: Priority) -> float:
        if self.shared is None:
            return 0.0
        return await self.shared.reserve(
            self.key, cost, SHARES[priority], capacity=self._capacity, window_s=self._window_s
        )

    def _delay(self, cost: float, priority: Priority) -> float:
        now = self._clock()
        if (closed := self._closed_until[priority] - now) > 0:
            return closed
        if priority is not Priority.TRADING and now < self._reported_until and self._reported_share >= SHARES[priority]:
            return self._reported_until - now
        self._forget(now - self._window_s)
        excess = self._spent_in_all + cost - self._capacity * SHARES[priority]
        delay = 0.0
        for spent_at, spent in self._spent:
            if excess <= 0:
                break
            excess -= spent
            delay = spent_at + self._window_s - now
        return delay

    def _forget(self, until: float) -> None:
        while self._spent and self._spent[0][0] <= until:
            self._spent_in_all -= self._spent.popleft()[1]
        if not self._spent:
            self._spent_in_all = 0.0  # what rounding has left over


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Of lower-cased headers; the date form is not used by any venue met so far."""
    try:
        return float(headers["retry-after"])
    except (KeyError, ValueError):
        return None


_budgets: WeakValueDictionary[tuple[str, str], RateBudget] = WeakValueDictionary()


def budget_of(
    connector: str, key: str, create: Callable[[], RateBudget], shared: SharedWindow | None = None
) -> RateBudget:
    """The one budget of a key at a connector; the key itself is not kept. Without a key nothing is shared."""
    identity = (connector, blake2b(key.encode(), digest_size=16).hexdigest())
    budget = _budgets.get(identity)
    if budget is None:
        budget = _budgets[identity] = create()
        budget.connector = connector
        for priority in Priority:
            WAITS.labels(connector, priority.name.lower())
            REFUSED.labels(connector, priority.name.lower())
    if shared is not None and key:
        budget.shared, budget.key = shared, ":".join(identity)
    return budget
