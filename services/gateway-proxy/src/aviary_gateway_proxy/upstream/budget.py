"""Gateway's limit of requests, kept to by all replicas together."""

from typing import Final

from redis.asyncio import Redis
from redis.exceptions import RedisError

from aviary_common.rates.budget import RateBudget
from aviary_common.rates.valkey_window import ValkeyWindow
from aviary_gateway_proxy.upstream.settings import UpstreamSettings

WINDOW_S: Final = 60.0
KEY: Final = "gateway"


def open_budget(settings: UpstreamSettings, cache: Redis) -> RateBudget:
    """Transactions may use all of it, what users ask most of it, polling what is left."""
    budget = RateBudget(settings.gateway_requests_per_min, window_s=WINDOW_S, patience_s=settings.gateway_patience_s)
    budget.shared, budget.key = ValkeyWindow(cache.eval, failures=(RedisError,)), KEY
    return budget
