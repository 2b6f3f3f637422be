"""Pulling images from a registry on loopback."""

from collections.abc import AsyncIterator

import httpx
import pytest
from docker import DockerClient
from docker.errors import ImageNotFound

from aviary_testing.bots.registry import Registry
from aviary_testing.served import served
from aviary_testing.waiting import eventually

from .bots import Json, ok
from .conftest import Replica


@pytest.fixture
async def registry(docker_client: DockerClient) -> AsyncIterator[Registry]:
    async with Registry().running() as running:
        yield running
    for image in docker_client.images.list():
        for name in (*image.tags, *image.attrs.get("RepoDigests", ())):
            if name.startswith(running.address):
                _forget(docker_client, name)


def _forget(docker: DockerClient, name: str) -> None:
    try:
        docker.images.remove(name, force=True)
    except ImageNotFound:
        return


async def pulled(api: httpx.AsyncClient, image: str) -> Json:
    """The pull, when it has ended."""
    found: Json = {}

    async def has_ended() -> bool:
        found.update(await status(api, image))
        return found["status"] != "pulling"

    await eventually(has_ended)
    return found


async def status(api: httpx.AsyncClient, image: str) -> Json:
    answer = ok(await api.get("/docker/pull-status"))
    assert answer["total_operations"] == len(answer["pull_operations"])
    return dict(answer["pull_operations"][image])


@pytest.mark.parametrize(
    ("path", "given", "tag"),
    [
        ("/docker/pull-image/", {"image_name": "known/bot:v1:latest"}, "v1"),
        ("/docker/pull-image", {"image_name": "known/bot:v2"}, "v2"),
        ("/docker/pull-image", {"image_name": "known/bot", "tag": "v3"}, "v3"),
        ("/docker/pull-image", {"image_name": "known/bot:v4", "tag": "latest"}, "v4"),
        ("/docker/pull-image", {"image_name": "known/bot"}, "latest"),
    ],
)
async def test_an_image_is_pulled_however_its_tag_is_given(
    api: httpx.AsyncClient, registry: Registry, path: str, given: dict[str, str], tag: str
) -> None:
    image = f"{registry.address}/known/bot:{tag}"
    started = ok(await api.post(path, json={**given, "image_name": f"{registry.address}/{given['image_name']}"}))
    assert (started["status"], started["image_name"]) == ("started", image)
    pull = await pulled(api, image)
    assert (pull["status"], pull["progress"], pull["result"]) == ("completed", "100 %", f"{image} is there.")
    assert pull["completed_at"] >= pull["started_at"] == started["started_at"]
    assert ok(await api.get("/docker/available-images", params={"image_name": registry.address})) == [image]


async def test_an_image_is_pulled_by_its_digest(api: httpx.AsyncClient, registry: Registry) -> None:
    image = f"{registry.address}/known/bot@{registry.digest}"
    ok(await api.post("/docker/pull-image", json={"image_name": image}))
    assert (await pulled(api, image))["status"] == "completed"
    body = {"instance_name": "by-digest", "script": "quiet_script", "image": image, "credentials_profile": "nobody"}
    answer = await api.post("/bot-orchestration/deploy-v2-script", json=body)
    assert answer.json()["code"] == "unknown_account", "the image is found"


async def test_a_pull_tells_how_far_it_is_and_is_not_begun_twice(
    api: httpx.AsyncClient, replica: Replica, registry: Registry
) -> None:
    image, body = f"{registry.address}/known/slow:1", {"image_name": f"{registry.address}/known/slow:1"}
    registry.stall()
    started = ok(await api.post("/docker/pull-image", json=body))
    again = ok(await api.post("/docker/pull-image", json=body))
    assert (again["status"], again["started_at"]) == ("in_progress", started["started_at"])

    async def is_half_way() -> bool:
        pull = await status(api, image)
        assert pull["status"] == "pulling"
        return bool(0 < pull["bytes_done"] < pull["bytes_total"] == registry.layer_bytes)

    await eventually(is_half_way)
    assert (await status(api, image))["progress"].endswith("% of 0 MB")
    async with replica() as other:
        assert (await status(other, image))["bytes_done"] > 0
        assert ok(await other.post("/docker/pull-image", json=body))["status"] == "in_progress"
    registry.flow()
    pull = await pulled(api, image)
    assert (pull["status"], pull["bytes_done"]) == ("completed", registry.layer_bytes)
    assert pull["duration_seconds"] > 0


@pytest.mark.parametrize("name", ["unknown/bot:1", "unknown:1"])
async def test_an_unknown_image_fails(api: httpx.AsyncClient, registry: Registry, name: str) -> None:
    image = f"{registry.address}/{name}"
    assert ok(await api.post("/docker/pull-image", json={"image_name": image}))["status"] == "started"
    pull = await pulled(api, image)
    assert (pull["status"], pull["completed_at"]) == ("failed", None)
    assert "manifest unknown" in pull["error"]
    assert pull["failed_at"] >= pull["started_at"]


async def test_a_pull_whose_replica_dies_has_failed_and_may_be_begun_again(
    api: httpx.AsyncClient, hurried: dict[str, str], registry: Registry
) -> None:
    image, body = f"{registry.address}/known/orphaned:1", {"image_name": f"{registry.address}/known/orphaned:1"}
    registry.stall()
    login = (hurried["AVIARY_USERNAME"], hurried["AVIARY_PASSWORD"])
    async with (
        served("aviary_orchestration", hurried) as doomed,
        httpx.AsyncClient(base_url=doomed.url, auth=login, timeout=30) as client,
    ):
        ok(await client.post("/docker/pull-image", json=body))
        await eventually(lambda: _has_begun(api, image))
        doomed.kill()
    pull = await pulled(api, image)
    assert (pull["status"], pull["error"]) == ("failed", "The replica that pulled it has ended; pull it again.")
    registry.flow()
    assert ok(await api.post("/docker/pull-image", json=body))["status"] == "started"
    assert (await pulled(api, image))["status"] == "completed"


async def _has_begun(api: httpx.AsyncClient, image: str) -> bool:
    return bool((await status(api, image))["bytes_done"])


@pytest.mark.parametrize(
    "body",
    [
        {"image_name": "Not An Image"},
        {"image_name": "../etc/passwd"},
        {"image_name": "bot", "tag": "a tag"},
        {"image_name": "bot:la test"},
        {"image_name": "bot@sha256:short"},
        {"image_name": "b" * 300},
        {"image_name": "a" + "_" * 200 + "!"},
    ],
)
async def test_what_is_no_image_is_400(api: httpx.AsyncClient, body: dict[str, str]) -> None:
    answer = await api.post("/docker/pull-image", json=body)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_image")


@pytest.mark.parametrize("body", [{}, {"image_name": ""}, {"image_name": None}, {"image_name": 7}])
async def test_no_image_name_is_422(api: httpx.AsyncClient, body: dict[str, object]) -> None:
    assert (await api.post("/docker/pull-image", json=body)).status_code == 422
