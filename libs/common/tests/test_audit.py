"""What leaves an entry, and when; the chain that accounts makes of them is tested there."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from pydantic import SecretStr

from aviary_common.access import Rights
from aviary_common.access.accounts import AllowedAccount
from aviary_common.audit import Audit
from aviary_common.errors import Conflict, Unavailable
from aviary_common.http.app import create_app
from aviary_common.http.login import Login
from aviary_common.http.probes import Probes
from aviary_common.settings import ServiceSettings

LOGIN = ("trader", "kR4t9vQz2LmX")
router = APIRouter()


@router.post("/things/{account_name}")
async def make(account_name: AllowedAccount, how: str = "well") -> str:
    if how == "conflict":
        raise Conflict("there is one")
    if how == "crash":
        raise RuntimeError("a bug")
    return account_name


@router.post("/look")
async def look() -> None: ...


@router.get("/look")
async def get() -> None: ...


class Kept:
    """An outbox in memory, which may be away."""

    def __init__(self) -> None:
        self.entries: list[dict[str, Any]] = []
        self.is_away = False

    async def write(self, subject: str, messages: Sequence[tuple[str, dict[str, Any]]]) -> None:
        if self.is_away:
            raise Unavailable("database")
        assert subject == "audit.testing"
        self.entries.extend(payload for _, payload in messages)


@asynccontextmanager
async def nothing(_app: FastAPI) -> AsyncIterator[None]:
    yield


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
async def client(kept: Kept) -> AsyncIterator[httpx.AsyncClient]:
    settings = ServiceSettings(
        service="testing", username=LOGIN[0], password=SecretStr(LOGIN[1]), valkey_url=SecretStr("redis://unused")
    )
    audit = Audit("testing")
    audit.through(kept)
    app = create_app(
        settings,
        title="T",
        routers=[router],
        lifespan=nothing,
        login=Login(settings),
        probes=Probes(),
        rights=Rights(reading="POST /look"),
        audit=audit,
    )
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test", auth=LOGIN) as opened:
        yield opened


async def test_an_entry_tells_who_did_what_and_no_query(client: httpx.AsyncClient, kept: Kept) -> None:
    headers = {"X-Request-Id": "request-77", "X-Real-IP": "10.1.2.3"}
    assert (await client.post("/things/one?password=hidden", headers=headers)).status_code == 200
    (entry,) = kept.entries
    del entry["id"], entry["at"]
    assert entry == {
        "user": "trader",
        "key_id": None,
        "service": "testing",
        "method": "POST",
        "route": "/things/{account_name}",
        "path": "/things/one",
        "status": 200,
        "request_id": "request-77",
        "client": "10.1.2.3",
        "accounts": ["one"],
    }


@pytest.mark.parametrize(("how", "status"), [("conflict", 409), ("crash", 500)])
async def test_what_failed_leaves_an_entry_too(client: httpx.AsyncClient, kept: Kept, how: str, status: int) -> None:
    assert (await client.post(f"/things/one?how={how}")).status_code == status
    assert [entry["status"] for entry in kept.entries] == [status]


async def test_a_path_is_fit_to_be_stored(client: httpx.AsyncClient, kept: Kept) -> None:
    await client.post("/things/a%00b%0Ac" + "d" * 1000, headers={"X-Real-IP": "1\t2"})
    (entry,) = kept.entries
    assert (entry["path"][:16], len(entry["path"]), entry["client"]) == ("/things/a?b?cddd", 500, "1?2")


async def test_looking_leaves_none_nor_does_a_stranger_or_an_unknown_path(
    client: httpx.AsyncClient, kept: Kept
) -> None:
    await client.post("/look")
    await client.get("/look")
    await client.post("/nowhere")
    assert (await client.post("/things/one", auth=(LOGIN[0], "wrong"))).status_code == 401
    assert kept.entries == []


async def test_what_is_done_is_told_also_when_the_entry_cannot_be_stored(
    client: httpx.AsyncClient, kept: Kept, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    kept.is_away = True
    assert (await client.post("/things/one")).status_code == 200
    assert kept.entries == []
    assert "audit entry not stored" in capsys.readouterr().out + caplog.text
