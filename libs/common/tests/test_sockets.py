"""The login of a WebSocket."""

import base64
from typing import Any

import pytest
from pydantic import SecretStr
from starlette.types import Message, Receive, Scope, Send

from aviary_common.http.login import Login, RequireLogin
from aviary_common.http.sockets import Origins
from aviary_common.settings import ServiceSettings

TOKEN = base64.b64encode(b"trader:kR4t9vQz2LmX").decode()
HEADER = (b"authorization", f"Basic {TOKEN}".encode())


@pytest.fixture
def guard() -> RequireLogin:
    settings = ServiceSettings(
        service="testing",
        username="trader",
        password=SecretStr("kR4t9vQz2LmX"),
        valkey_url=SecretStr("redis://unused"),
        cors_allow_origins=["https://desk.example"],
    )

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "websocket.accept"})

    return RequireLogin(app, Login(settings), Origins(settings), frozenset())


async def knock(guard: RequireLogin, query: str = "", *headers: tuple[bytes, bytes]) -> list[Message]:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    scope: dict[str, Any] = {
        "type": "websocket",
        "path": "/ws",
        "query_string": query.encode(),
        "headers": [(b"host", b"aviary.example"), *headers],
        "client": ("192.0.2.1", 5),
    }
    await guard(scope, receive, send)
    return sent


@pytest.mark.parametrize(
    ("query", "headers"),
    [
        ("", [HEADER]),
        (f"token={TOKEN}", []),
        ("username=trader&password=kR4t9vQz2LmX", []),
        ("", [HEADER, (b"origin", b"http://localhost:3000")]),
        ("", [HEADER, (b"origin", b"https://aviary.example")]),
        ("", [HEADER, (b"origin", b"https://desk.example")]),
        (f"token={TOKEN}", [(b"origin", b"https://elsewhere.example")]),
    ],
)
async def test_a_login_may_come_as_header_or_query(
    guard: RequireLogin, query: str, headers: list[tuple[bytes, bytes]]
) -> None:
    assert await knock(guard, query, *headers) == [{"type": "websocket.accept"}]


@pytest.mark.parametrize(
    ("query", "headers", "reason"),
    [
        ("", [], "Not authenticated"),
        ("token=bm9ib2R5Om5vYm9keQ==", [], "Incorrect username or password"),
        ("username=trader", [], "Incorrect username or password"),
        ("", [HEADER, (b"origin", b"https://elsewhere.example")], "may not use this login"),
        ("", [HEADER, (b"origin", b"null")], "may not use this login"),
    ],
)
async def test_who_is_turned_away_is_told_why(
    guard: RequireLogin, query: str, headers: list[tuple[bytes, bytes]], reason: str
) -> None:
    accepted, told, closed = await knock(guard, query, *headers)
    assert accepted["type"] == "websocket.accept"
    assert reason in told["text"]
    assert (closed["type"], closed["code"]) == ("websocket.close", 4001)
