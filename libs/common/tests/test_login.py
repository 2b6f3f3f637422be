"""The callers beside the first user, with somebody who knows them played; the real one is tested with accounts."""

import base64
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
import pytest
from asgi_lifespan import LifespanManager
from fastapi import APIRouter, FastAPI, WebSocket
from pydantic import SecretStr
from redis.asyncio import Redis
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from aviary_common.access import Principal, Rights, Scope, principal
from aviary_common.access.accounts import AllowedAccount, AllowedAccounts
from aviary_common.access.keys import new_key, parse_key
from aviary_common.errors import Unavailable
from aviary_common.http.app import create_app
from aviary_common.http.login import Login
from aviary_common.http.presented import Password, Presented
from aviary_common.http.probes import Probes
from aviary_common.models import Tolerant
from aviary_common.settings import ServiceSettings

FIRST = ("trader", "kR4t9vQz2LmX")
KEY = new_key()

router = APIRouter()


class Wanted(Tolerant):
    account_name: AllowedAccount
    account_names: AllowedAccounts = None


@router.get("/me")
async def me() -> str:
    caller = principal()
    assert caller is not None
    return caller.name


@router.get("/secrets")
async def secret() -> None: ...


@router.post("/find")
async def find() -> None: ...


@router.post("/orders")
async def order(wanted: Wanted) -> list[str] | None:
    return wanted.account_names


@router.post("/undeclared")
async def undeclared() -> None: ...


@router.websocket("/live")
async def live(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_text("hello")
    await websocket.close()


RIGHTS = Rights(
    reading="POST /find",
    trade="POST /orders",
    admin="GET /secrets",
    restricted="GET /me\nPOST /orders",
)


@dataclass
class Known:
    """Users with their passwords, and one key."""

    users: Mapping[str, tuple[str, Principal]]
    key: Principal | None = None
    is_away: bool = False
    asked: list[Presented] = field(default_factory=list)

    def recall(self, presented: Presented) -> Principal | None:  # noqa: ARG002
        return None

    async def find(self, presented: Presented) -> Principal | None:
        self.asked.append(presented)
        if self.is_away:
            raise Unavailable("accounts")
        if not isinstance(presented, Password):
            return self.key if presented.text == KEY.text else None
        word, known = self.users.get(presented.name, ("", None))
        return known if presented.word.get_secret_value() == word else None


@pytest.fixture
def known() -> Known:
    users = {
        "reader": Principal("reader", Scope.READ),
        "seller": Principal("seller", Scope.TRADE),
        "boss": Principal("boss", Scope.ADMIN),
        "held": Principal("held", Scope.ADMIN, frozenset({"one", "two"})),
    }
    return Known(
        {name: (f"{name}-password", each) for name, each in users.items()},
        Principal("seller", Scope.READ, key_id=KEY.id),
    )


@pytest.fixture
def settings() -> ServiceSettings:
    return ServiceSettings(
        service="testing",
        username=FIRST[0],
        password=SecretStr(FIRST[1]),
        valkey_url=SecretStr("redis://unused"),
        login_attempts=3,
        login_name_attempts=4,
    )


@asynccontextmanager
async def nothing(_app: FastAPI) -> AsyncIterator[None]:
    yield


def app_with(settings: ServiceSettings, cache: Redis | None, known: Known | None) -> FastAPI:
    login = Login(settings)
    if cache is not None:
        login.connect(cache)
    if known is not None:
        login.ask(known)
    return create_app(
        settings, title="T", routers=[router], lifespan=nothing, login=login, probes=Probes(), rights=RIGHTS
    )


@asynccontextmanager
async def client_of(app: FastAPI, address: str = "10.0.0.1") -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app, client=(address, 1), raise_app_exceptions=False)
    async with LifespanManager(app), httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


@pytest.fixture
async def client(settings: ServiceSettings, cache: Redis, known: Known) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(app_with(settings, cache, known)) as opened:
        yield opened


def as_user(name: str) -> tuple[str, str]:
    return name, f"{name}-password"


async def test_users_log_in_beside_the_first(client: httpx.AsyncClient) -> None:
    assert (await client.get("/me", auth=as_user("reader"))).json() == "reader"
    assert (await client.get("/me", auth=FIRST)).json() == "trader"
    assert (await client.get("/me", auth=("reader", "boss-password"))).status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": f"Bearer {KEY.text}"},
        {"X-API-Key": KEY.text},
        {"Authorization": "Basic " + base64.b64encode(f"{KEY.id}:{KEY.text}".encode()).decode()},
    ],
)
async def test_a_key_comes_in_three_ways(client: httpx.AsyncClient, headers: dict[str, str]) -> None:
    assert (await client.get("/me", headers=headers)).json() == "seller"


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": f"Bearer {KEY.text[:-1]}{'1' if KEY.text.endswith('0') else '0'}"},
        {"Authorization": f"Bearer {KEY.text} "[:-3]},
        {"Authorization": "Bearer"},
        {"X-API-Key": ""},
        {"X-API-Key": FIRST[1]},
        {"Authorization": "Basic " + base64.b64encode(f"seller:{KEY.text}".encode()).decode()},
    ],
)
async def test_what_is_no_key_in_force_is_a_wrong_login(client: httpx.AsyncClient, headers: dict[str, str]) -> None:
    assert (await client.get("/me", headers=headers)).status_code == 401


def test_a_key_has_a_form_that_scanners_know() -> None:
    key = new_key()
    assert key.text.startswith(f"avk_{key.id}_")
    assert parse_key(key.text) == key
    assert parse_key(key.text + "0") is None
    assert key.text not in key.digest


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("reader", {"GET /me", "POST /find"}),
        ("seller", {"GET /me", "POST /find", "POST /orders"}),
        ("boss", {"GET /me", "POST /find", "POST /orders", "GET /secrets", "POST /undeclared"}),
    ],
)
async def test_each_scope_holds_those_before_it_and_what_says_nothing_is_for_administrators(
    client: httpx.AsyncClient, name: str, allowed: set[str]
) -> None:
    opened = set()
    for endpoint in ("GET /me", "POST /find", "POST /orders", "GET /secrets", "POST /undeclared"):
        method, path = endpoint.split()
        answer = await client.request(method, path, json={"account_name": "one"}, auth=as_user(name))
        if answer.status_code == 403:
            assert answer.json()["code"] == "scope_missing"
        else:
            opened.add(endpoint)
    assert opened == allowed


async def test_a_held_caller_may_call_only_what_keeps_to_his_accounts(client: httpx.AsyncClient) -> None:
    for method, path in (("POST", "/find"), ("GET", "/secrets"), ("POST", "/undeclared")):
        answer = await client.request(method, path, auth=as_user("held"))
        assert (answer.status_code, answer.json()["code"]) == (403, "every_account_needed")
    assert (await client.get("/me", auth=as_user("held"))).status_code == 200


async def test_a_held_caller_names_his_accounts_only_and_means_them_when_he_names_none(
    client: httpx.AsyncClient,
) -> None:
    own = await client.post("/orders", json={"account_name": "one"}, auth=as_user("held"))
    assert own.json() == ["one", "two"]
    for body in ({"account_name": "three"}, {"account_name": "one", "account_names": ["two", "three"]}):
        answer = await client.post("/orders", json=body, auth=as_user("held"))
        assert (answer.status_code, answer.json()["code"]) == (403, "account_not_allowed")
    everybody = await client.post("/orders", json={"account_name": "three"}, auth=as_user("boss"))
    assert (everybody.status_code, everybody.json()) == (200, None)


def test_outside_a_request_every_account_may_be_named() -> None:
    assert Wanted(account_name="any").account_names is None


async def test_without_accounts_the_first_user_goes_on_and_others_are_told_why(
    client: httpx.AsyncClient, known: Known
) -> None:
    known.is_away = True
    assert (await client.get("/me", auth=FIRST)).status_code == 200
    answer = await client.get("/me", auth=as_user("reader"))
    assert answer.status_code == 503
    assert "accounts" in answer.json()["detail"]
    assert (await client.get("/me", auth=(FIRST[0], "wrong"))).status_code == 401


async def test_the_first_users_name_with_another_password_is_asked_about_like_any_other(
    client: httpx.AsyncClient, known: Known
) -> None:
    await client.get("/me", auth=(FIRST[0], "wrong"))
    await client.get("/me", auth=("nobody", "wrong"))
    assert len(known.asked) == 2
    await client.get("/me", auth=FIRST)
    assert len(known.asked) == 2


@pytest.mark.parametrize("shared", [True, False])
@pytest.mark.parametrize("name", ["reader", "trader", "nobody"])
async def test_a_name_that_is_guessed_at_from_many_addresses_is_locked(
    settings: ServiceSettings, cache: Redis, known: Known, name: str, shared: bool
) -> None:
    app = app_with(settings, cache if shared else None, known)
    for number in range(4):
        async with client_of(app, f"10.0.1.{number}") as guesser:
            assert (await guesser.get("/me", auth=(name, "wrong"))).status_code == 401
    async with client_of(app, "10.0.2.1") as another:
        answer = await another.get("/me", auth=FIRST if name == "trader" else as_user(name))
        assert (answer.status_code, answer.json()["code"]) == (429, "user_locked")
        assert 0 < int(answer.headers["retry-after"]) <= 30
        assert (await another.get("/me", auth=as_user("boss"))).status_code == 200


async def test_a_lock_is_known_to_all_replicas_and_grows(settings: ServiceSettings, cache: Redis, known: Known) -> None:
    async with client_of(app_with(settings, cache, known), "10.0.3.1") as first:
        for _ in range(3):
            await first.get("/me", auth=("reader", "wrong"))
    for number in range(2):
        async with client_of(app_with(settings, cache, known), f"10.0.3.{number + 2}") as another:
            await another.get("/me", auth=("reader", "wrong"))
        await cache.delete(*[key async for key in cache.scan_iter("login:name:*:lock")])
    async with client_of(app_with(settings, cache, known), "10.0.3.9") as last:
        assert (await last.get("/me", auth=("reader", "wrong"))).status_code == 401
        answer = await last.get("/me", auth=as_user("reader"))
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 60


@pytest.mark.parametrize("shared", [True, False])
async def test_nobody_is_locked_out_of_where_he_works(
    settings: ServiceSettings, cache: Redis, known: Known, shared: bool
) -> None:
    app = app_with(settings, cache if shared else None, known)
    async with client_of(app, "10.0.4.1") as home:
        assert (await home.get("/me", auth=FIRST)).status_code == 200
        assert (await home.get("/me", auth=as_user("reader"))).status_code == 200
        for number in range(6):
            async with client_of(app, f"10.0.5.{number}") as guesser:
                await guesser.get("/me", auth=("reader", "wrong"))
                await guesser.get("/me", auth=(FIRST[0], "wrong"))
        assert (await home.get("/me", auth=as_user("reader"))).status_code == 200
        assert (await home.get("/me", auth=FIRST)).status_code == 200


async def test_wrong_keys_lock_nobody(client: httpx.AsyncClient, cache: Redis) -> None:
    for _ in range(3):
        await client.get("/me", headers={"X-API-Key": f"{KEY.text[:-1]}x"})
    assert [key async for key in cache.scan_iter("login:name:*")] == []


def test_a_socket_takes_a_key_in_the_query_and_needs_the_scope(settings: ServiceSettings, known: Known) -> None:
    client = TestClient(app_with(settings, None, known))
    known.key = Principal("boss", Scope.ADMIN, key_id=KEY.id)
    with client.websocket_connect(f"/live?token={KEY.text}") as socket:
        assert socket.receive_text() == "hello"
    known.key = Principal("held", Scope.ADMIN, frozenset({"one"}), KEY.id)
    with pytest.raises(WebSocketDisconnect) as refused, client.websocket_connect(f"/live?token={KEY.text}") as socket:
        socket.receive_text()
    assert refused.value.code == 4001


def test_a_table_that_names_no_route_stops_the_service(settings: ServiceSettings) -> None:
    with pytest.raises(ValueError, match="/gone"):
        create_app(
            settings,
            title="T",
            routers=[router],
            lifespan=nothing,
            login=Login(settings),
            probes=Probes(),
            rights=Rights(trade="POST /gone"),
        )
