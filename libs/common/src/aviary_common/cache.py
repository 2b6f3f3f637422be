"""Valkey, through ``redis``: what it holds may be lost at any moment."""

from typing import Final

from pydantic import SecretStr
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialWithJitterBackoff
from redis.exceptions import ConnectionError as CacheConnectionError
from redis.exceptions import TimeoutError as CacheTimeout

DEADLINE_S: Final = 1.0


def open_cache(url: SecretStr) -> Redis:
    """A pool that connects on first use; a command that meets a dead connection is repeated once on a new one."""
    return Redis.from_url(
        url.get_secret_value(),
        decode_responses=True,
        socket_timeout=DEADLINE_S,
        socket_connect_timeout=DEADLINE_S,
        health_check_interval=15,
        retry=Retry(ExponentialWithJitterBackoff(base=0.02, cap=0.1), 1),
        retry_on_error=[CacheConnectionError, CacheTimeout],
    )
