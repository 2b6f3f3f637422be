"""Live order books: fresh from one connection, the same in every replica, and honest about their age."""

from contextlib import AsyncExitStack
from typing import Any

import httpx
import pytest

from aviary_testing.sandbox import Sandbox
from aviary_testing.waiting import eventually

from ..venue import Venue
from .conftest import Start

PAIR = "ETH-USDT"


async def book(api: httpx.AsyncClient, connector: str = "sandbox", depth: int = 20) -> httpx.Response:
    body = {"connector_name": connector, "trading_pair": PAIR, "depth": depth}
    return await api.post("/market-data/order-book", json=body)


async def is_live(api: httpx.AsyncClient, connector: str = "sandbox", depth: int = 20) -> bool:
    return bool((await book(api, connector, depth)).json().get("source") == "feed")


async def is_the_venues(api: httpx.AsyncClient, venue: Venue, connector: str = "sandbox") -> bool:
    ours = (await book(api, connector)).json()
    theirs = await venue.ask("depth", connector, symbol=PAIR.replace("-", ""), limit=20)
    return ours.get("source") == "feed" and all(
        ours[side] == [{"price": float(price), "amount": float(amount)} for price, amount in theirs[side]]
        for side in ("bids", "asks")
    )


async def feeds(api: httpx.AsyncClient) -> dict[str, Any]:
    found: dict[str, Any] = (await api.get("/market-data/active-feeds")).json()
    return found


@pytest.mark.parametrize("connector", ["sandbox", "sandbox_perpetual"])
async def test_a_book_that_is_asked_for_becomes_live_and_follows_the_venue(
    replica: Start, venue: Venue, connector: str
) -> None:
    api = await replica()
    assert (await book(api, connector)).json()["source"] == "venue"
    await eventually(lambda: is_live(api, connector))
    calls = await venue.count("/api/v3/depth" if connector == "sandbox" else "/fapi/v1/depth")
    for price in ("3456.78", "3210.98"):
        await venue.trade_at("ETHUSDT", price)
        await eventually(lambda: is_the_venues(api, venue, connector))
    before = await venue.counted(calls)
    for _ in range(20):
        assert (await book(api, connector)).status_code == 200
    assert await venue.counted(calls) <= before + 1, "a live book is not asked of the venue"


async def test_a_deeper_book_grows(replica: Start) -> None:
    api = await replica()
    await eventually(lambda: is_live(api))
    assert (await book(api, depth=500)).status_code == 200
    await eventually(lambda: is_live(api, depth=500))

    async def has_grown() -> bool:
        return ["size=500" in feed["config"] for feed in (await feeds(api)).values()] == [True]

    await eventually(has_grown)


async def test_replicas_share_one_owner_and_all_answer(replica: Start, sandbox: Sandbox) -> None:
    one, other = await replica(), await replica()
    await eventually(lambda: is_live(one))
    await eventually(lambda: is_live(other))

    async def is_known_everywhere() -> bool:
        told = [await feeds(api) for api in (one, other)]
        found = [each.get("order_book_sandbox_ETH-USDT", {"owner": None, "source": None}) for each in told]
        owners = {feed["owner"] for feed in found}
        return len(owners) == 1 and None not in owners and {feed["source"] for feed in found} == {"websocket"}

    await eventually(is_known_everywhere)

    async def is_followed_once() -> bool:
        """Whoever had the feed before Valkey was emptied finds out by its lease."""
        streams = [name for socket in await sandbox.control("GET", "/sockets") for name in socket["streams"]]
        return len([name for name in streams if "ethusdt@depth" in name]) == 1

    await eventually(is_followed_once)


async def test_a_feed_that_nobody_reads_ends_at_the_venue_too(replica: Start, sandbox: Sandbox) -> None:
    api = await replica(AVIARY_FEED_TIMEOUT_S="0.5", AVIARY_FEED_LOOK_S="0.1")
    await eventually(lambda: is_live(api))

    async def has_ended() -> bool:
        sockets = await sandbox.control("GET", "/sockets")
        return not await feeds(api) and not any(
            "ethusdt@depth" in name for socket in sockets for name in socket["streams"]
        )

    await eventually(has_ended)


async def test_a_book_that_is_too_old_is_asked_of_the_venue_and_never_served_as_fresh(
    replica: Start, venue: Venue
) -> None:
    api = await replica(AVIARY_BOOK_STALE_S="0.3", AVIARY_BOOK_MAX_AGE_S="0")
    await eventually(lambda: is_live(api))

    async def is_asked() -> bool:
        return bool((await book(api)).json()["source"] == "venue")

    await eventually(is_asked)
    await venue.count("/api/v3/depth", kind="status_before", status=503)

    async def is_refused() -> bool:
        answer = await book(api)
        return answer.status_code == 503 and "s old" in answer.json()["detail"] and "sandbox" in answer.json()["detail"]

    await eventually(is_refused)


async def test_a_pair_is_followed_until_it_is_removed(replica: Start) -> None:
    api = await replica(AVIARY_FEED_TIMEOUT_S="0.3", AVIARY_FEED_LOOK_S="0.1")
    which = {"connector_name": "sandbox", "trading_pair": PAIR}
    added = await api.post("/market-data/trading-pair/add", json={**which, "timeout": 20})
    assert (added.status_code, added.json()["success"]) == (200, True)
    diagnosis = (await api.get("/market-data/order-book/diagnostics/sandbox")).json()
    assert diagnosis["trading_pairs"] == [PAIR]
    assert (await feeds(api))["order_book_sandbox_ETH-USDT"]["will_expire_in"] is None
    assert (await api.post("/market-data/trading-pair/remove", json=which)).json()["success"] is True
    assert (await api.post("/market-data/trading-pair/remove", json=which)).json()["success"] is False

    async def is_gone() -> bool:
        return not await feeds(api)

    await eventually(is_gone)


async def test_books_begin_anew_when_told(replica: Start, venue: Venue) -> None:
    api = await replica()
    await eventually(lambda: is_live(api))
    calls = await venue.count("/api/v3/depth")
    restarted = (await api.post("/market-data/order-book/restart/sandbox")).json()
    assert restarted["trading_pairs"] == [PAIR]

    async def was_asked_again() -> bool:
        return await venue.counted(calls) > 0

    await eventually(was_asked_again)
    await eventually(lambda: is_the_venues(api, venue))


async def test_another_replica_takes_over(replica: Start, venue: Venue) -> None:
    async with AsyncExitStack() as stack:
        first = await replica(stack)
        await eventually(lambda: is_live(first))
        second = await replica()
        await eventually(lambda: is_live(second))
    await venue.trade_at("ETHUSDT", "3333.33")
    await eventually(lambda: is_the_venues(second, venue))


async def test_without_valkey_every_replica_still_answers(replica: Start) -> None:
    api = await replica(AVIARY_FEEDS_MAX="0")
    assert (await book(api)).json()["source"] == "venue"
    assert await feeds(api) == {}
