"""Who may call what: every route of the merged document, with every kind of caller, through the edge of a real stack.

``authorisation.txt`` has a line for each: the scope that it needs; whether a caller who is held to some accounts may
call it (``own``) or only one who is not (``every``); whether a call is audited; method and path. A route without a line
fails. What an allowed call then does is not of interest: it is made without a body, on things that do not exist.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from aviary_testing.waiting import eventually
from tests.stack import Stack, running_stack

from .test_endpoints import filled

TABLE: Final = Path(__file__).parent / "authorisation.txt"
SCOPES: Final = ("read", "trade", "admin")
PUBLIC: Final = {("GET", "/")}
AT_ONCE: Final = 8
SETTINGS: Final = {
    "AVIARY_LOGIN_ATTEMPTS": "1000000",
    "AVIARY_LOGIN_NAME_ATTEMPTS": "1000000",
    "DOCKER_HOST": "unix:///nonexistent/docker.sock",
}
"""Wrong logins are part of this test, and whatever runs on this machine's engine is not."""


@dataclass(frozen=True)
class Line:
    scope: str
    accounts: str
    audited: str
    method: str
    path: str

    def allows(self, scope: str) -> bool:
        return SCOPES.index(scope) >= SCOPES.index(self.scope)

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


LINES: Final = [Line(*line.split()) for line in TABLE.read_text().splitlines()]

Refusal = tuple[int, str | None]
"""Status, and the code of a 403."""


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with running_stack(tmp_path_factory.mktemp("stack"), settings=SETTINGS) as running:
        yield running


@pytest.fixture(scope="module")
async def first(stack: Stack) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=stack.url, auth=stack.login, timeout=30) as client:
        yield client


@dataclass(frozen=True)
class Callers:
    first: httpx.AsyncClient

    async def user(self, scope: str, accounts: list[str] | None = None) -> tuple[str, str]:
        name, password = f"{scope}-{secrets.token_hex(4)}", secrets.token_urlsafe(18)
        body = {"name": name, "password": password, "scope": scope, "accounts": accounts}
        (await self.first.post("/users", json=body)).raise_for_status()
        return name, password

    async def key(self, **wanted: Any) -> dict[str, str]:
        made = await self.first.post("/api-keys", json={"name": "a test's", **wanted})
        return {name: made.raise_for_status().json()[name] for name in ("id", "key")}

    async def answers(self, auth: tuple[str, str] | None, *, again: bool = True) -> dict[Line, Refusal]:
        """What a caller is told everywhere; ``again`` asks once more where a part was away, also the one that knows
        logins."""
        turns = asyncio.Semaphore(AT_ONCE)

        async def once(line: Line) -> httpx.Response:
            body = None if line.method == "GET" else {}
            return await self.first.request(line.method, filled(line.path), json=body, auth=auth)

        async def ask(line: Line) -> tuple[Line, Refusal]:
            async with turns:
                answer = await once(line)
                if again and answer.status_code == 503:
                    answer = await once(line)
            return line, (answer.status_code, answer.json()["code"] if answer.status_code == 403 else None)

        return dict(await asyncio.gather(*(ask(line) for line in LINES)))


@pytest.fixture(scope="module")
def callers(first: httpx.AsyncClient) -> Callers:
    return Callers(first)


async def test_every_route_has_a_line_that_says_what_the_document_says(first: httpx.AsyncClient) -> None:
    documented: dict[tuple[str, str], dict[str, Any]] = {}

    async def is_whole() -> bool:
        """The portal asks a service that was slow once more after a moment."""
        paths = (await first.get("/openapi.json")).json()["paths"]
        documented.update(
            {(method.upper(), path): each for path, ways in paths.items() for method, each in ways.items()}
        )
        return len(documented) >= len(LINES)

    await eventually(is_whole)
    assert {key for key, operation in documented.items() if operation.get("security") == []} == PUBLIC
    told = {
        Line(
            operation["x-aviary-scope"],
            operation["x-aviary-accounts"],
            "audited" if operation["x-aviary-audited"] else "-",
            *key,
        )
        for key, operation in documented.items()
        if key not in PUBLIC
    }
    assert told == set(LINES)


async def test_nobody_is_let_in_nowhere(callers: Callers) -> None:
    answers = await callers.answers(None)
    assert {str(line) for line, answer in answers.items() if answer != (401, None)} == set()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("scope", SCOPES)
async def test_a_scope_opens_its_routes_and_no_others(callers: Callers, scope: str) -> None:
    answers = await callers.answers(await callers.user(scope))
    wrong = {}
    for line, answer in answers.items():
        is_open = answer[0] not in {401, 403, 429}
        is_closed = answer == (403, "scope_missing")
        if not (is_open if line.allows(scope) else is_closed):
            wrong[str(line)] = answer
    assert wrong == {}


@pytest.mark.timeout(300)
async def test_a_caller_held_to_an_account_uses_it_and_nothing_beyond(callers: Callers) -> None:
    """``sample`` is the account that the paths name, and ``master_account`` what is meant where a bot names none."""
    answers = await callers.answers(await callers.user("admin", ["sample", "master_account"]))
    wrong = {}
    for line, answer in answers.items():
        is_open = answer[0] not in {401, 403, 429}
        if not (is_open if line.accounts == "own" else answer == (403, "every_account_needed")):
            wrong[str(line)] = answer
    assert wrong == {}


async def test_a_caller_held_to_another_account_is_refused_wherever_one_is_named(callers: Callers) -> None:
    login = await callers.user("admin", ["elsewhere"])
    naming = [line for line in LINES if "{account_name}" in line.path]
    assert len(naming) > 10
    answers = await callers.answers(login)
    assert {str(line) for line in naming if answers[line] != (403, "account_not_allowed")} == set()
    order = {
        "account_name": "sample",
        "connector_name": "sandbox",
        "trading_pair": "BTC-USDT",
        "trade_type": "BUY",
        "order_type": "MARKET",
        "amount": 1,
    }
    several = {"account_names": ["elsewhere", "sample"]}
    for path, body in (
        ("/trading/orders", order),
        ("/trading/orders/active", several),
        ("/trading/orders/search", several),
        ("/trading/trades", several),
        ("/trading/positions", several),
        ("/trading/funding-payments", several),
        ("/trading/panic", several),
        ("/trading/panic/release", several),
        ("/portfolio/state", several),
        ("/portfolio/distribution", several),
        ("/portfolio/accounts-distribution", several),
        ("/portfolio/history", several),
        ("/accounts/add-account", {"account_name": "sample"}),
        ("/accounts/delete-account", {"account_name": "sample"}),
        ("/bot-orchestration/deploy-v2-script", {"instance_name": "bot", "credentials_profile": "sample"}),
        ("/bot-orchestration/deploy-v2-controllers", {"instance_name": "bot", "credentials_profile": "sample"}),
        ("/bot-orchestration/deploy-v2-controllers", {"instance_name": "bot"}),
    ):
        answer = await callers.first.post(path, json=body, auth=login)
        assert (answer.status_code, answer.json()["code"]) == (403, "account_not_allowed"), path


@pytest.mark.timeout(300)
async def test_a_revoked_key_and_a_disabled_user_are_nobody(callers: Callers) -> None:
    key, (name, password) = await callers.key(), await callers.user("admin")
    as_key = (key["id"], key["key"])
    for login in (as_key, (name, password)):
        assert (await callers.first.get("/users/me", auth=login)).status_code == 200
    (await callers.first.delete(f"/api-keys/{key['id']}")).raise_for_status()
    (await callers.first.patch(f"/users/{name}", json={"disabled": True})).raise_for_status()
    for login in (as_key, (name, password)):
        await eventually(lambda login=login: _is_nobody(callers.first, login))
        answers = await callers.answers(login)
        assert {str(line): answer for line, answer in answers.items() if answer != (401, None)} == {}


async def _is_nobody(first: httpx.AsyncClient, login: tuple[str, str]) -> bool:
    return (await first.get("/users/me", auth=login)).status_code == 401


@pytest.mark.timeout(300)
async def test_every_call_that_changes_something_is_in_the_audit_once(callers: Callers) -> None:
    login = await callers.user("admin")
    await callers.answers(login, again=False)
    expected = sorted(str(line) for line in LINES if line.audited == "audited")

    async def told() -> list[str]:
        page = await callers.first.get("/audit", params={"user": login[0], "limit": 1000})
        return sorted(f"{each['method']} {each['route'].replace(':path}', '}')}" for each in page.json()["data"])

    async def complete() -> bool:
        return len(await told()) >= len(expected)

    await eventually(complete)
    assert await told() == expected
    assert (await callers.first.get("/audit/verification")).json()["intact"] is True
