"""Valkey, through ``redis``: what it holds may be lost at any moment."""

import asyncio
from typing import Any, Final, cast

from pydantic import SecretStr
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialWithJitterBackoff
from redis.exceptions import ConnectionError as CacheConnectionError
from redis.exceptions import TimeoutError as CacheTimeout

DEADLINE_S: Final = 1.0
AT_ONCE: Final = 50
"""Commands under way in one process; more wait for their turn, where the client's pool would refuse them."""


class Cache(Redis):
    """Every command has a deadline of ours.

    The client's own ``socket_timeout`` stays off: it sends through ``asyncio.wait_for``, which before Python 3.12
    loses cancellations.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def execute_command(self, *args: Any, **options: Any) -> Any:
        try:
            async with asyncio.timeout(DEADLINE_S), self._turns:
                return await super().execute_command(*args, **options)  # type: ignore[no-untyped-call]
        except TimeoutError as error:
            raise CacheTimeout("no answer in time") from error


def open_cache(url: SecretStr) -> Cache:
    """A pool that connects on first use; a command that meets a dead connection is repeated once on a new one."""
    return cast(
        Cache,
        Cache.from_url(
            url.get_secret_value(),
            decode_responses=True,
            socket_timeout=None,
            socket_connect_timeout=DEADLINE_S,
            retry=Retry(ExponentialWithJitterBackoff(base=0.02, cap=0.1), 1),
            retry_on_error=[CacheConnectionError, CacheTimeout],
        ),
    )
