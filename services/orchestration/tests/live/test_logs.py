"""What containers have printed, at once and as it comes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import datetime

import httpx
import pytest

from aviary_orchestration.engine.logs import FOLLOWERS
from aviary_testing.served import served
from aviary_testing.waiting import eventually

from .bots import Bots, ok
from .containers import UNTIL_TOLD, Containers

FIVE = "for number in range(5): print(f'line {number}')"
EARLY_AND_LATE = "import time; print('early'); time.sleep(2); print('late')"


@pytest.fixture(scope="session")
async def process(hurried: dict[str, str]) -> AsyncIterator[httpx.AsyncClient]:
    """A replica behind a real server: what it sends arrives while it is being sent."""
    login = (hurried["AVIARY_USERNAME"], hurried["AVIARY_PASSWORD"])
    async with (
        served("aviary_orchestration", hurried) as replica,
        httpx.AsyncClient(base_url=replica.url, auth=login, timeout=30) as client,
    ):
        yield client


async def printed(api: httpx.AsyncClient, name: str, **wanted: object) -> list[str]:
    answer = ok(await api.get(f"/docker/containers/{name}/logs", params={**wanted}))
    assert answer["container_name"] == name
    return str(answer["logs"]).splitlines()


async def test_the_last_lines_are_told(api: httpx.AsyncClient, containers: Containers) -> None:
    name = await containers.ran(FIVE)
    assert await printed(api, name) == [f"line {number}" for number in range(5)]
    assert await printed(api, name, tail=2) == ["line 3", "line 4"]
    assert await printed(api, name, tail=0) == []
    assert await printed(api, name, since=0) == await printed(api, name)


@pytest.mark.parametrize("wanted", [{"tail": -1}, {"tail": 10_001}, {"since": "yesterday"}, {"timestamps": "perhaps"}])
async def test_what_cannot_be_meant_is_422(
    api: httpx.AsyncClient, containers: Containers, wanted: dict[str, object]
) -> None:
    assert (await api.get(f"/docker/containers/{containers.create()}/logs", params=wanted)).status_code == 422


async def test_lines_are_told_with_their_times_and_since_one(api: httpx.AsyncClient, containers: Containers) -> None:
    name = await containers.ran(EARLY_AND_LATE)
    early, late = [line.split() for line in await printed(api, name, timestamps=True)]
    assert (early[1], late[1]) == ("early", "late")
    since = int(datetime.fromisoformat(f"{late[0][:19]}+00:00").timestamp())
    assert await printed(api, name, since=since) == ["late"]
    assert await printed(api, name, since=since * 1000) == ["late"]
    assert await printed(api, name, since=since + 60) == []


async def test_lines_are_followed_as_the_bot_prints_them(bots: Bots, process: httpx.AsyncClient) -> None:
    name = await bots.deploy()
    async with process.stream("GET", f"/docker/containers/{name}/logs/follow") as answer:
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        lines = answer.aiter_lines()
        assert await anext(lines) == f"{name} is trading"
        ok(await bots.api.post("/bot-orchestration/stop-bot", json={"bot_name": name}))
        assert await anext(lines) == "stopped, orders cancelled"
        ok(await bots.api.post(f"/docker/stop-container/{name}"))
        assert [line async for line in lines] == []


async def test_the_end_of_the_container_ends_the_stream(process: httpx.AsyncClient, containers: Containers) -> None:
    name = containers.run(UNTIL_TOLD)
    async with process.stream("GET", f"/docker/containers/{name}/logs/follow?timestamps=true") as answer:
        lines = answer.aiter_lines()
        assert (await anext(lines)).endswith("Z up")
        ok(await process.post(f"/docker/stop-container/{name}"))
        assert [line.split()[1] async for line in lines] == ["told"]


async def test_who_does_not_listen_any_more_makes_room(process: httpx.AsyncClient, containers: Containers) -> None:
    """Also when the container says nothing: the thread that waits for its next word is woken."""
    name = containers.run(UNTIL_TOLD)
    path = f"/docker/containers/{name}/logs/follow"

    async def is_let_in() -> bool:
        async with process.stream("GET", path) as answer:
            return answer.status_code == 200

    async with AsyncExitStack() as followers:
        answers = await asyncio.gather(
            *(followers.enter_async_context(process.stream("GET", path)) for _ in range(FOLLOWERS))
        )
        assert {each.status_code for each in answers} == {200}
        streams = [each.aiter_lines() for each in answers]
        assert [await anext(lines) for lines in streams] == ["up"] * FOLLOWERS
        refused = await process.get(path)
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "10")
        await answers[0].aclose()
        await eventually(is_let_in)


async def test_more_followers_at_once_than_there_is_room_for(
    process: httpx.AsyncClient, containers: Containers
) -> None:
    name = containers.run(UNTIL_TOLD)
    path = f"/docker/containers/{name}/logs/follow"

    async def statuses() -> list[int]:
        async with AsyncExitStack() as followers:
            answers = await asyncio.gather(
                *(followers.enter_async_context(process.stream("GET", path)) for _ in range(FOLLOWERS + 8))
            )
            return sorted(each.status_code for each in answers)

    async def as_many_as_fit() -> bool:
        return await statuses() == [200] * FOLLOWERS + [429] * 8

    await eventually(as_many_as_fit)
