"""A hundred requests a minute for each client, as @fastify/rate-limit counts them: the window opens with the first."""

from dataclasses import dataclass, field
from math import ceil
from typing import Final

WINDOW_S: Final = 60.0


@dataclass
class Count:
    opened_at_s: float
    requests: int = 0


@dataclass(frozen=True)
class Verdict:
    allowed: bool
    headers: dict[str, str]
    wait_s: int


@dataclass
class Limiter:
    per_minute: int = 100
    counts: dict[str, Count] = field(default_factory=dict)

    def judge(self, client: str, now_s: float) -> Verdict:
        count = self.counts.get(client)
        if count is None or now_s - count.opened_at_s >= WINDOW_S:
            count = self.counts[client] = Count(now_s)
        count.requests += 1
        wait_s = max(1, ceil(count.opened_at_s + WINDOW_S - now_s))
        headers = {
            "x-ratelimit-limit": str(self.per_minute),
            "x-ratelimit-remaining": str(max(0, self.per_minute - count.requests)),
            "x-ratelimit-reset": str(wait_s),
        }
        if count.requests <= self.per_minute:
            return Verdict(True, headers, 0)
        return Verdict(False, {**headers, "retry-after": str(wait_s)}, wait_s)
