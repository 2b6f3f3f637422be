"""Request weight per minute, orders per interval, and the ban for those who go on after a 429."""

from collections import defaultdict
from dataclasses import dataclass

from aviary_sandbox_exchange.clock import Clock
from aviary_sandbox_exchange.errors import Banned, Reason, VenueError
from aviary_sandbox_exchange.pairs import Side

INTERVAL_MS = {"10S": 10_000, "1M": 60_000, "1D": 86_400_000}
INTERVAL_WORDS = {"10S": "10 SECOND", "1M": "1 MINUTE", "1D": "1 DAY"}


@dataclass(slots=True)
class Limit:
    """Binance's numbers at first; a test may change them. ``ban_after`` refusals in a minute lead to a ban."""

    weight: int
    orders: dict[str, int]
    ban_after: int = 20
    ban_s: int = 120


def binance_limits() -> dict[Side, Limit]:
    return {
        "spot": Limit(weight=6_000, orders={"10S": 100, "1D": 200_000}),
        "futures": Limit(weight=2_400, orders={"10S": 300, "1M": 1_200}),
    }


class Limits:
    """Weight is counted for the whole process (on Binance per address, and only loopback comes here)."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.limits = binance_limits()
        self._minute: dict[Side, int] = {"spot": 0, "futures": 0}
        self._used: dict[Side, int] = {"spot": 0, "futures": 0}
        self._refused: dict[Side, int] = {"spot": 0, "futures": 0}
        self._banned_until_ms: dict[Side, int] = {"spot": 0, "futures": 0}
        self._orders: dict[tuple[Side, str, str], tuple[int, int]] = defaultdict(lambda: (0, 0))

    def reset(self) -> None:
        for side in self._minute:
            self._used[side] = self._refused[side] = self._banned_until_ms[side] = 0
        self._orders.clear()

    def ban(self, side: Side, seconds: int) -> None:
        self._banned_until_ms[side] = self._clock.now_ms() + seconds * 1000

    def use(self, side: Side, weight: int) -> None:
        """Count a request, or refuse it with 429, and from ``ban_after`` refusals on with 418."""
        now_ms = self._clock.now_ms()
        self.check_ban(side, now_ms)
        limit = self.limits[side]
        if now_ms // 60_000 != self._minute[side]:
            self._minute[side] = now_ms // 60_000
            self._used[side] = self._refused[side] = 0
        if self._used[side] + weight > limit.weight:
            self._refused[side] += 1
            if self._refused[side] > limit.ban_after:
                self.ban(side, limit.ban_s)
                self.check_ban(side, now_ms)
            wait_s = 60 - now_ms // 1000 % 60
            raise Banned(Reason.TOO_MANY_REQUESTS, retry_after_s=wait_s, limit=limit.weight)
        self._used[side] += weight

    def check_ban(self, side: Side, now_ms: int) -> None:
        until_ms = self._banned_until_ms[side]
        if until_ms > now_ms:
            raise Banned(Reason.BANNED, retry_after_s=-(-(until_ms - now_ms) // 1000), until_ms=until_ms)

    def count_order(self, side: Side, account: str) -> None:
        """Refuse (-1015) the order that would be one too many in any interval, else count it in all."""
        now_ms = self._clock.now_ms()
        counted: dict[str, tuple[int, int]] = {}
        for interval, allowed in self.limits[side].orders.items():
            window, count = now_ms // INTERVAL_MS[interval], self.orders_in(side, account, interval)
            if count >= allowed:
                raise VenueError(Reason.TOO_MANY_ORDERS, limit=allowed, interval=INTERVAL_WORDS[interval])
            counted[interval] = (window, count + 1)
        for interval, state in counted.items():
            self._orders[side, account, interval] = state

    def orders_in(self, side: Side, account: str, interval: str) -> int:
        window, count = self._orders[side, account, interval]
        return count if window == self._clock.now_ms() // INTERVAL_MS[interval] else 0

    def headers(self, side: Side, account: str | None) -> list[tuple[bytes, bytes]]:
        used = str(self._used[side]).encode()
        headers = [(b"x-mbx-used-weight", used), (b"x-mbx-used-weight-1m", used)]
        if account is not None:
            headers += [
                (
                    f"x-mbx-order-count-{interval.lower()}".encode(),
                    str(self.orders_in(side, account, interval)).encode(),
                )
                for interval in self.limits[side].orders
            ]
        return headers
