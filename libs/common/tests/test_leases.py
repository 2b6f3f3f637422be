import asyncio

import pytest
from redis.asyncio import Redis

from aviary_common.leases import Lease, LeaseLost, Leases

TTL_S = 0.6


async def test_one_owner_at_a_time(cache: Redis) -> None:
    first = await Leases(cache, "a", TTL_S).acquire("work")
    assert first is not None
    assert await Leases(cache, "b", TTL_S).acquire("work") is None
    await first.release()
    assert await Leases(cache, "b", TTL_S).acquire("work") is not None


async def test_a_later_owner_has_a_higher_token_even_after_valkey_lost_its_data(cache: Redis) -> None:
    first = await Leases(cache, "a", TTL_S).acquire("work")
    await cache.flushdb()
    second = await Leases(cache, "b", TTL_S).acquire("work")
    assert first is not None
    assert second is not None
    assert second.token > first.token


async def test_only_the_owner_renews_and_releases(cache: Redis) -> None:
    first = await Leases(cache, "a", TTL_S).acquire("work")
    assert first is not None
    await cache.delete("lease:work")
    second = await Leases(cache, "b", TTL_S).acquire("work")
    assert second is not None
    with pytest.raises(LeaseLost):
        await first.renew()
    await first.release()
    await second.renew()


async def test_an_old_owners_write_is_refused_once_a_new_one_has_written(cache: Redis) -> None:
    first = await Leases(cache, "a", TTL_S).acquire("work")
    assert first is not None
    await cache.delete("lease:work")
    second = await Leases(cache, "b", TTL_S).acquire("work")
    assert second is not None
    await second.write("state", "new", ttl_s=10)
    with pytest.raises(LeaseLost):
        await first.write("state", "old", ttl_s=10)
    assert await cache.get("state") == "new"


async def test_work_is_renewed_beyond_the_time_to_live(cache: Redis) -> None:
    seen: list[int] = []

    async def work(lease: Lease) -> None:
        await asyncio.sleep(TTL_S * 2)  # longer than the lease lasts without renewal
        await lease.renew()
        seen.append(lease.token)

    await Leases(cache, "a", TTL_S).hold("work", work)
    assert len(seen) == 1
    assert await cache.get("lease:work") is None


async def test_another_replica_takes_over_when_the_owner_dies(cache: Redis) -> None:
    owner = await Leases(cache, "dead").acquire("work")
    assert owner is not None
    started = asyncio.Event()

    async def work(_lease: Lease) -> None:
        started.set()

    await Leases(cache, "alive").hold("work", work)
    assert started.is_set()


async def test_a_lost_lease_cancels_the_work(cache: Redis) -> None:
    cancelled = asyncio.Event()

    async def work(_lease: Lease) -> None:
        await cache.set("lease:work", "thief 1")
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    with pytest.raises(LeaseLost):
        await Leases(cache, "a", TTL_S).hold("work", work)
    assert cancelled.is_set()


async def test_an_error_in_the_work_ends_the_lease_and_is_raised(cache: Redis) -> None:
    async def work(_lease: Lease) -> None:
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        await Leases(cache, "a", TTL_S).hold("work", work)
    assert await cache.get("lease:work") is None


async def test_an_old_owner_tells_nobody_anything_once_a_new_one_has_written(cache: Redis) -> None:
    first = await Leases(cache, "a", TTL_S).acquire("work")
    assert first is not None
    async with cache.pubsub() as heard:
        await heard.subscribe("news")
        await first.tell("state", "news", "one")
        await cache.delete("lease:work")
        second = await Leases(cache, "b", TTL_S).acquire("work")
        assert second is not None
        await second.write("state", "new", ttl_s=10)
        with pytest.raises(LeaseLost):
            await first.tell("state", "news", "old")
        await second.tell("state", "news", "two")
        told: list[str] = []
        async with asyncio.timeout(5):
            while len(told) < 2:
                message = await heard.get_message(ignore_subscribe_messages=True, timeout=1)
                told += [message["data"]] if message else []
    assert told == ["one", "two"]


async def test_work_that_somebody_has_is_left_alone_and_what_is_free_is_known(cache: Redis) -> None:
    leases = Leases(cache, "a", TTL_S)
    held = await Leases(cache, "b", TTL_S).acquire("held")
    assert held is not None
    done: list[str] = []

    async def work(lease: Lease) -> None:
        done.append(lease.name)

    await leases.hold_if_free("held", work)
    await leases.hold_if_free("free", work)
    assert done == ["free"]
    assert await leases.free(["held", "free"]) == ["free"]
    assert await leases.free([]) == []
