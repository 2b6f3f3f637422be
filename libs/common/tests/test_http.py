import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from asgi_lifespan import LifespanManager
from fastapi import APIRouter, FastAPI
from pydantic import SecretStr
from redis.asyncio import Redis

from aviary_common.errors import Conflict, DeadlineExceeded, TooManyRequests, Unavailable, UpstreamFailed
from aviary_common.http.app import create_app
from aviary_common.http.login import Login
from aviary_common.http.not_yet import not_yet_router
from aviary_common.http.probes import Probes
from aviary_common.settings import ServiceSettings
from aviary_common.timing import measured

USER, PASSWORD = "trader", "kR4t9vQz2LmX"

router = APIRouter(prefix="/things")


@router.get("")
async def list_things() -> list[str]:
    return ["one"]


@router.post("/{name}")
async def make_thing(name: str) -> str:
    with measured("venue"):
        return name


@router.get("/fail/{how}")
async def fail(how: str) -> None:
    raise {
        "conflict": Conflict("there is one", code="thing_exists"),
        "unavailable": Unavailable("venue"),
        "throttled": TooManyRequests("later", retry_after_s=7),
        "upstream": UpstreamFailed("the node is away"),
        "late": DeadlineExceeded("the bot says nothing"),
        "bug": RuntimeError("secret detail"),
    }[how]


@pytest.fixture
def settings(servers: object, cache: Redis) -> ServiceSettings:
    return ServiceSettings(
        service="testing",
        username=USER,
        password=SecretStr(PASSWORD),
        valkey_url=SecretStr("redis://unused"),
        login_attempts=3,
    )


@asynccontextmanager
async def nothing(_app: FastAPI) -> AsyncIterator[None]:
    yield


def app_with(settings: ServiceSettings, cache: Redis | None, probes: Probes | None = None) -> FastAPI:
    login = Login(settings)
    if cache is not None:
        login.connect(cache)
    to_come = not_yet_router("Later", "Wonders", "GET /wonders/{name} get_wonder")
    return create_app(
        settings, title="Testing", routers=[router, to_come], lifespan=nothing, login=login, probes=probes or Probes()
    )


@asynccontextmanager
async def client_of(app: FastAPI, address: str = "10.0.0.1") -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app, client=(address, 1), raise_app_exceptions=False)
    async with LifespanManager(app), httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


@pytest.fixture
async def client(settings: ServiceSettings, cache: Redis) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(app_with(settings, cache)) as opened:
        opened.auth = httpx.BasicAuth(USER, PASSWORD)
        yield opened


@pytest.mark.parametrize("path", ["/things", "/things/", "/things//"])
async def test_both_slash_forms_answer_without_a_redirect(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert (answer.status_code, answer.json()) == (200, ["one"])


@pytest.mark.parametrize(
    ("how", "status", "body"),
    [
        ("conflict", 409, {"detail": "there is one", "code": "thing_exists"}),
        ("upstream", 503, {"detail": "the node is away", "code": "upstream_failed"}),
        ("late", 503, {"detail": "the bot says nothing", "code": "deadline_exceeded"}),
        ("throttled", 429, {"detail": "later", "code": "too_many_requests"}),
    ],
)
async def test_errors_have_one_form(client: httpx.AsyncClient, how: str, status: int, body: dict[str, str]) -> None:
    answer = await client.get(f"/things/fail/{how}")
    assert (answer.status_code, answer.json()) == (status, body)


async def test_a_dead_component_is_named(client: httpx.AsyncClient) -> None:
    answer = await client.get("/things/fail/unavailable")
    assert answer.status_code == 503
    assert "venue" in answer.json()["detail"]


async def test_a_bug_shows_nothing_of_itself(client: httpx.AsyncClient) -> None:
    answer = await client.get("/things/fail/bug")
    assert answer.status_code == 500
    assert answer.json()["code"] == "internal"
    assert "secret detail" not in answer.text


async def test_unknown_paths_and_methods_have_the_same_form(client: httpx.AsyncClient) -> None:
    assert (await client.get("/nowhere")).json() == {"detail": "Not Found", "code": "not_found"}
    wrong = await client.delete("/things")
    assert (wrong.status_code, wrong.json()["code"]) == (405, "method_not_allowed")


async def test_what_is_to_come_says_so(client: httpx.AsyncClient) -> None:
    answer = await client.get("/wonders/first")
    assert answer.status_code == 501
    assert answer.json()["code"] == "not_yet"


async def test_a_harmless_request_id_is_kept_and_an_odd_one_replaced(client: httpx.AsyncClient) -> None:
    kept = await client.get("/things", headers={"X-Request-Id": "my-request-1"})
    assert kept.headers["x-request-id"] == "my-request-1"
    replaced = await client.get("/things", headers={"X-Request-Id": 'x" evil'})
    assert replaced.headers["x-request-id"] != 'x" evil'


async def test_the_time_a_venue_took_is_told(client: httpx.AsyncClient) -> None:
    assert "venue;dur=" in (await client.post("/things/one")).headers["server-timing"]


async def test_health_and_metrics_need_no_login(settings: ServiceSettings, cache: Redis) -> None:
    async with client_of(app_with(settings, cache)) as client:
        assert (await client.get("/healthz")).status_code == 200
        metrics = (await client.get("/metrics")).text
    assert "aviary_http_request_duration_seconds_bucket" in metrics


async def test_readiness_names_what_is_down(settings: ServiceSettings, cache: Redis) -> None:
    async def broken() -> None:
        raise ConnectionError

    async def fine() -> None:
        return

    probes = Probes()
    probes.add("database", fine)
    async with client_of(app_with(settings, cache, probes)) as client:
        assert (await client.get("/readyz")).status_code == 503
        probes.started()
        assert (await client.get("/readyz")).json() == {"status": "ready", "dependencies": {"database": "ok"}}
        probes.add("nats", broken)
        answer = await client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["dependencies"] == {"database": "ok", "nats": "down"}


@pytest.mark.parametrize(
    "header",
    [
        "Basic " + base64.b64encode(b"trader:wrong").decode(),
        "Basic " + base64.b64encode(b"Trader:kR4t9vQz2LmX").decode(),
        "Basic " + base64.b64encode(b"trader").decode(),
        "Basic ???",
        "Bearer kR4t9vQz2LmX",
        "",
    ],
)
async def test_a_wrong_login_is_refused(settings: ServiceSettings, cache: Redis, header: str) -> None:
    async with client_of(app_with(settings, cache)) as client:
        answer = await client.get("/things", headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Basic"


async def test_no_login_is_told_apart_from_a_wrong_one(settings: ServiceSettings, cache: Redis) -> None:
    async with client_of(app_with(settings, cache)) as client:
        assert (await client.get("/things")).json()["detail"] == "Not authenticated"
        wrong = await client.get("/things", auth=(USER, "wrong"))
    assert wrong.json()["detail"] == "Incorrect username or password"


async def test_paths_that_do_not_exist_need_a_login_too(settings: ServiceSettings, cache: Redis) -> None:
    async with client_of(app_with(settings, cache)) as client:
        assert (await client.get("/nowhere")).status_code == 401


@pytest.mark.parametrize("shared", [True, False])
async def test_guessing_is_throttled_also_for_the_right_password(
    settings: ServiceSettings, cache: Redis, shared: bool
) -> None:
    async with client_of(app_with(settings, cache if shared else None)) as client:
        for _ in range(settings.login_attempts):
            assert (await client.get("/things", auth=(USER, "wrong"))).status_code == 401
        answer = await client.get("/things", auth=(USER, PASSWORD))
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0


async def test_failures_at_one_replica_count_at_another(settings: ServiceSettings, cache: Redis) -> None:
    async with client_of(app_with(settings, cache)) as first:
        for _ in range(settings.login_attempts):
            await first.get("/things", auth=(USER, "wrong"))
    async with client_of(app_with(settings, cache)) as second:
        assert (await second.get("/things", auth=(USER, PASSWORD))).status_code == 429


async def test_another_address_is_not_throttled(settings: ServiceSettings, cache: Redis) -> None:
    app = app_with(settings, cache)
    async with client_of(app, "10.0.0.2") as guesser:
        for _ in range(settings.login_attempts):
            await guesser.get("/things", auth=(USER, "wrong"))
    async with client_of(app, "10.0.0.3") as user:
        assert (await user.get("/things", auth=(USER, PASSWORD))).status_code == 200


async def test_a_browser_on_this_machine_may_ask_and_others_may_not(client: httpx.AsyncClient) -> None:
    ask = {"Access-Control-Request-Method": "POST"}
    local = await client.options("/things", headers={"Origin": "http://localhost:3000", **ask})
    assert local.headers["access-control-allow-origin"] == "http://localhost:3000"
    foreign = await client.options("/things", headers={"Origin": "https://evil.example", **ask})
    assert "access-control-allow-origin" not in foreign.headers


async def test_the_openapi_document_declares_the_login(client: httpx.AsyncClient) -> None:
    document = (await client.get("/openapi.json")).json()
    assert document["security"] == [{"login": []}, {"bearer": []}, {"key": []}]
    assert document["components"]["securitySchemes"]["login"] == {"type": "http", "scheme": "basic"}


async def test_the_openapi_document_names_refusals_by_what_they_are(client: httpx.AsyncClient) -> None:
    document = (await client.get("/openapi.json")).json()
    responses = document["paths"]["/things/{name}"]["post"]["responses"]
    named = {status: response["$ref"].rpartition("/")[2] for status, response in responses.items() if status >= "400"}
    assert named == {
        "401": "Unauthorized",
        "403": "Forbidden",
        "422": "Unprocessable",
        "429": "TooManyRequests",
        "503": "Unavailable",
    }
    assert document["components"]["responses"].keys() >= set(named.values())
    assert document["paths"]["/wonders/{name}"]["get"]["responses"]["501"]["$ref"].endswith("/NotYet")
