"""Rejected because the venue was not reached: only where no connection was ever made, so nothing was sent."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from decimal import Decimal
from urllib.parse import urlsplit

import pytest

from aviary_exchange.ccxt_adapter.private import CcxtPrivateExchange
from aviary_exchange.settings import ExchangeSettings
from aviary_exchange.types import Rejected, Unknown

from .behaviour.steps import new_order
from .offline import open_offline

END = b"\r\n\r\n"
Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def close_at_once(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()


async def reset_at_once(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


async def read_and_close(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(END)
    writer.close()


async def answer_request(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
    method = (await reader.readuntil(END)).split()[0]
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
    return method


async def answer_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await answer_request(reader, writer)
    writer.close()


@asynccontextmanager
async def listening_on(port: int, answer: Answer) -> AsyncIterator[None]:
    server = await asyncio.start_server(answer, "127.0.0.1", port)
    try:
        yield
    finally:
        server.close()


@pytest.fixture
async def account(
    connector: str, unused_tcp_port: int, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[CcxtPrivateExchange]:
    settings = ExchangeSettings(base_urls={connector: f"http://127.0.0.1:{unused_tcp_port}"}, timeout_s=5)
    exchange = open_offline(connector, settings, monkeypatch)
    yield exchange
    await exchange.close()


async def test_a_port_nobody_listens_on_rejects(account: CcxtPrivateExchange) -> None:
    outcome = await account.place(new_order(Decimal(50000)))
    assert outcome == Rejected(f"{account.connector} could not be reached.", is_away=True)


@pytest.mark.parametrize("answer", [close_at_once, reset_at_once, read_and_close])
async def test_a_connection_that_was_made_and_lost_is_unknown(
    account: CcxtPrivateExchange, unused_tcp_port: int, answer: Answer
) -> None:
    async with listening_on(unused_tcp_port, answer):
        outcome = await account.place(new_order(Decimal(50000)))
    assert isinstance(outcome, Unknown), outcome
    assert account.connector in outcome.reason


def make_requests(account: CcxtPrivateExchange, monkeypatch: pytest.MonkeyPatch, *requests: tuple[str, str]) -> None:
    """Let placing an order mean these requests (method and address)."""

    async def create_order(*_: object) -> object:
        for method, url in requests:
            answer = await account._exchange.fetch(url, method)
        return answer

    monkeypatch.setattr(account._exchange, "create_order", create_order)


async def test_a_refused_connection_says_nothing_of_what_was_sent_before(
    account: CcxtPrivateExchange, unused_tcp_port_factory: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """ccxt may make several requests of one call; one that went out may have been the order."""
    first, nobody = (f"http://127.0.0.1:{unused_tcp_port_factory()}/order" for _ in range(2))
    make_requests(account, monkeypatch, ("POST", first), ("POST", nobody))
    async with listening_on(urlsplit(first).port or 0, answer_once):
        assert isinstance(await account.place(new_order(Decimal(50000))), Unknown)


async def test_a_repeated_request_that_finds_nobody_may_have_been_sent_before(
    account: CcxtPrivateExchange, unused_tcp_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """aiohttp repeats a PUT when a kept connection is lost; its error then tells of the repetition only."""
    methods: list[bytes] = []

    async def vanish_at_the_second(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        methods.append(await answer_request(reader, writer))
        methods.append((await reader.readuntil(END)).split()[0])
        server.close()
        writer.close()

    url = f"http://127.0.0.1:{unused_tcp_port}/order"
    make_requests(account, monkeypatch, ("GET", url), ("PUT", url))
    server = await asyncio.start_server(vanish_at_the_second, "127.0.0.1", unused_tcp_port)
    async with server:
        outcome = await account.place(new_order(Decimal(50000)))
    assert methods == [b"GET", b"PUT"]
    assert isinstance(outcome, Unknown), outcome
