"""The ``/docker`` routes on containers and images."""

import httpx
import pytest

from .bots import Bots, ok
from .containers import Containers


def named(answer: httpx.Response) -> dict[str, str]:
    return {each["name"]: each["status"] for each in ok(answer)}


async def test_the_engine_runs(api: httpx.AsyncClient) -> None:
    assert ok(await api.get("/docker/running")) is True


@pytest.mark.parametrize("path", ["/docker/available-images", "/docker/available-images/"])
async def test_images_are_listed_by_their_tags(api: httpx.AsyncClient, image: str, path: str) -> None:
    assert image in ok(await api.get(path))
    assert image in ok(await api.get(path, params={"image_name": "aviary-test/humm"}))
    assert ok(await api.get(path, params={"image_name": "no-such-image"})) == []


async def test_containers_are_listed_by_their_state(api: httpx.AsyncClient, containers: Containers, image: str) -> None:
    up, ended = containers.run(), await containers.ran(ours=False)
    active, exited = await api.get("/docker/active-containers"), await api.get("/docker/exited-containers")
    assert (named(active).get(up), named(active).get(ended)) == ("running", None)
    assert (named(exited).get(up), named(exited).get(ended)) == (None, "exited")
    (found,) = ok(await api.get("/docker/active-containers", params={"name_filter": up.upper()}))
    assert (found["name"], found["image"], len(found["id"])) == (up, image, 64)
    assert ok(await api.get("/docker/exited-containers", params={"name_filter": up})) == []


@pytest.mark.parametrize(
    ("start", "stop"),
    [
        ("/docker/start-container/{}", "/docker/stop-container/{}"),
        ("/docker/containers/{}/start", "/docker/containers/{}/stop"),
    ],
)
async def test_a_container_is_stopped_and_started(
    api: httpx.AsyncClient, containers: Containers, start: str, stop: str
) -> None:
    name = containers.run()
    assert ok(await api.post(stop.format(name))) == {"success": True, "message": f"{name} has ended."}
    assert containers.status(name) == "exited"
    assert ok(await api.post(start.format(name))) == {"success": True, "message": f"{name} is running."}
    assert containers.status(name) == "running"


TOUCHING = [
    ("POST", "/docker/containers/{}/start"),
    ("POST", "/docker/start-container/{}"),
    ("POST", "/docker/containers/{}/stop"),
    ("POST", "/docker/stop-container/{}"),
    ("DELETE", "/docker/containers/{}"),
    ("POST", "/docker/remove-container/{}"),
    ("POST", "/docker/archive-container/{}"),
]
READING = [("GET", "/docker/containers/{}/logs"), ("GET", "/docker/containers/{}/logs/follow")]


@pytest.mark.parametrize(("method", "path"), [*TOUCHING, *READING])
async def test_an_unknown_container_is_404(api: httpx.AsyncClient, method: str, path: str) -> None:
    answer = await api.request(method, path.format("no-such-container"))
    assert (answer.status_code, answer.json()["code"]) == (404, "not_in_docker")
    assert "no-such-container" in answer.json()["detail"]
    assert (await api.request(method, path.format("-no-name"))).status_code == 422


async def test_the_start_of_an_id_is_no_name(api: httpx.AsyncClient, containers: Containers) -> None:
    name = containers.run()
    (found,) = ok(await api.get("/docker/active-containers", params={"name_filter": name}))
    assert (await api.post(f"/docker/stop-container/{found['id'][:12]}")).status_code == 404
    assert containers.status(name) == "running"


@pytest.mark.parametrize(("method", "path"), TOUCHING)
async def test_a_foreign_container_is_left_alone(
    api: httpx.AsyncClient, containers: Containers, method: str, path: str
) -> None:
    name = containers.run(ours=False)
    answer = await api.request(method, path.format(name))
    assert (answer.status_code, answer.json()["code"]) == (403, "foreign_container")
    assert "foreign=true" in answer.json()["detail"]
    assert containers.status(name) == "running"


async def test_a_foreign_container_is_touched_when_that_is_meant(
    api: httpx.AsyncClient, containers: Containers
) -> None:
    name, foreign = containers.run(ours=False), {"foreign": "true"}
    ok(await api.post(f"/docker/stop-container/{name}", params=foreign))
    assert containers.status(name) == "exited"
    ok(await api.post(f"/docker/containers/{name}/start", params=foreign))
    assert containers.status(name) == "running"
    done = ok(await api.post(f"/docker/remove-container/{name}", params=foreign))
    assert done == {"success": True, "message": f"{name} is gone. It had no folder."}
    assert containers.status(name) is None


async def test_pruning_takes_only_ours_that_have_ended(api: httpx.AsyncClient, containers: Containers) -> None:
    up, ended, foreign = containers.run(), await containers.ran(), await containers.ran(ours=False)
    pruned = ok(await api.post("/docker/clean-exited-containers"))
    assert pruned["success"] is True
    assert pruned["space_reclaimed"] >= 0
    assert ended in pruned["containers_deleted"]
    assert not {up, foreign} & {*pruned["containers_deleted"]}
    assert [containers.status(name) for name in (up, ended, foreign)] == ["running", None, "exited"]


async def test_a_bot_that_was_deployed_before_there_were_marks_is_ours(bots: Bots, containers: Containers) -> None:
    name = containers.run(ours=False)
    bots.folder.instance(name).mkdir()
    ok(await bots.api.post(f"/docker/stop-container/{name}"))
    done = ok(await bots.api.delete(f"/docker/containers/{name}"))
    assert "archived" in done["message"]
    assert (bots.folder.archived / name).is_dir()
