import asyncio
import random

import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError

from aviary_local.testing import Servers


async def test_no_cancellation_is_lost_in_a_command(cache: Redis) -> None:
    async def ask_forever() -> None:
        while True:
            await cache.get("key")

    for _ in range(10):
        tasks = [asyncio.create_task(ask_forever()) for _ in range(10)]
        await asyncio.sleep(random.uniform(0.005, 0.02))  # cancel at a moment that nobody chose
        for task in tasks:
            task.cancel()
        _, pending = await asyncio.wait(tasks, timeout=2)
        assert not pending


async def test_a_silent_server_is_given_up_and_heals(servers: Servers, cache: Redis) -> None:
    await cache.set("key", "value")
    servers.valkey.pause()
    try:
        with pytest.raises(RedisError):
            await cache.get("key")
    finally:
        servers.valkey.resume()
    assert await cache.get("key") == "value"


async def test_a_killed_server_is_an_error_and_heals(servers: Servers, cache: Redis) -> None:
    await cache.set("key", "value")
    servers.valkey.kill()
    with pytest.raises(RedisError):
        await cache.get("key")
    servers.valkey.start()
    assert await cache.get("key") == "value"


async def test_a_thousand_commands_at_once_are_all_answered(cache: Redis) -> None:
    await asyncio.gather(*(cache.set(f"many-{number}", number) for number in range(1_000)))
    found = await asyncio.gather(*(cache.get(f"many-{number}") for number in range(1_000)))
    assert found == [str(number) for number in range(1_000)]
