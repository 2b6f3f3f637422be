"""What there is to compare: the venue's books, our tables, the board of balances, and every event in JetStream."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

import aiohttp
import nats
import orjson
import psycopg
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
from psycopg.rows import class_row, scalar_row
from redis.asyncio import Redis

from aviary_common.bus.client import STREAM
from aviary_local.testing import Servers

ORDER_EVENTS: Final = "aviary.trading.order.>"
BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class OurOrder:
    id: int
    account_name: str
    client_order_id: str
    exchange_order_id: str | None
    trading_pair: str
    trade_type: str
    order_type: str
    amount: Decimal
    price: Decimal | None
    status: str
    filled_amount: Decimal
    filled_quote: Decimal
    venue_filled_amount: Decimal
    fee_paid: Decimal
    settled: bool


@dataclass(frozen=True, slots=True)
class OurFill:
    order_id: int
    account_name: str
    trade_id: str
    client_order_id: str
    trading_pair: str
    trade_type: str
    amount: Decimal
    price: Decimal
    fee: Decimal
    fee_currency: str
    is_maker: bool


@dataclass(frozen=True, slots=True)
class Told:
    """One message of JetStream about an order."""

    sequence: int
    message_id: str
    kind: str
    client_order_id: str
    body: Mapping[str, Any]


@dataclass(frozen=True)
class Case:
    """Everything about one account."""

    account: str
    books: Mapping[str, Any]
    orders: Sequence[OurOrder]
    fills: Sequence[OurFill]
    board: Mapping[str, Any] | None
    events: Sequence[Told]


@dataclass
class Events:
    """All order events of the stream so far, read once each."""

    by_account: defaultdict[str, list[Told]] = field(default_factory=lambda: defaultdict(list))
    next_sequence: int = 1

    def take(self, sequence: int, subject: str, headers: Mapping[str, str], data: bytes) -> None:
        body = orjson.loads(data)
        kind = subject.rpartition(".")[2]
        told = Told(sequence, headers["Nats-Msg-Id"], kind, body["client_order_id"], body)
        self.by_account[body["account_name"]].append(told)
        self.next_sequence = sequence + 1


class Evidence:
    def __init__(self, servers: Servers, cache: Redis, http: aiohttp.ClientSession, venue_url: str) -> None:
        self._servers = servers
        self.cache = cache
        self._http = http
        self._venue_url = venue_url
        self._events = Events()
        self._nats: Client | None = None

    async def cases(self, accounts: Mapping[str, str]) -> list[Case]:
        """Of accounts by their connectors. What is written last is read first: events, then rows, then the venue."""
        await self._read_events()
        names = list(accounts)
        orders, fills = await self._rows(names)
        boards = await self.cache.mget([f"balances:{name}:{connector}" for name, connector in accounts.items()])
        books = await self._books(names)
        return [
            Case(
                name,
                books[name],
                orders[name],
                fills[name],
                None if board is None else orjson.loads(board),
                tuple(self._events.by_account[name]),
            )
            for name, board in zip(names, boards, strict=True)
        ]

    async def unpublished(self) -> int:
        async with await self._connect() as connection:
            cursor = connection.cursor(row_factory=scalar_row)
            await cursor.execute("select count(*) from outbox")
            return int(await cursor.fetchone() or 0)

    async def close(self) -> None:
        if self._nats is not None:
            await self._nats.close()

    async def _rows(self, names: Sequence[str]) -> tuple[Mapping[str, list[OurOrder]], Mapping[str, list[OurFill]]]:
        async with await self._connect() as connection:
            orders = await (
                await connection.cursor(row_factory=class_row(OurOrder)).execute(
                    "select id, account_name, client_order_id, exchange_order_id, trading_pair, trade_type, order_type,"
                    " amount, price, status, filled_amount, filled_quote, venue_filled_amount, fee_paid, settled"
                    " from trading_order where account_name = any(%s) order by id",
                    [names],
                )
            ).fetchall()
            fills = await (
                await connection.cursor(row_factory=class_row(OurFill)).execute(
                    "select order_id, account_name, trade_id, client_order_id, trading_pair, trade_type, amount, price,"
                    " fee, fee_currency, is_maker from fill where account_name = any(%s) order by id",
                    [names],
                )
            ).fetchall()
        return _by_account(orders), _by_account(fills)

    async def _connect(self) -> psycopg.AsyncConnection[Any]:
        url = self._servers.database_url("trading").replace("+psycopg", "")
        return await psycopg.AsyncConnection.connect(url, connect_timeout=3)

    async def _books(self, names: Sequence[str]) -> Mapping[str, Any]:
        async with self._http.post(f"{self._venue_url}/chaos/books", json={"keys": names}) as answer:
            books: Mapping[str, Any] = await answer.json(content_type=None)
            return books

    async def _read_events(self) -> None:
        """From where the last reading ended, by a consumer that lives as long as this reading."""
        if self._nats is None:
            user, password = self._servers.nats_user("accounts")
            self._nats = await nats.connect(
                self._servers.nats_servers,
                user=user,
                password=password,
                inbox_prefix=f"_INBOX.{user}".encode(),
                max_reconnect_attempts=-1,
                reconnect_time_wait=0.1,
                error_cb=_quietly,
            )
        jetstream = self._nats.jetstream(timeout=5)
        config = ConsumerConfig(
            deliver_policy=DeliverPolicy.BY_START_SEQUENCE,
            opt_start_seq=self._events.next_sequence,
            ack_policy=AckPolicy.NONE,
            inactive_threshold=5,
            mem_storage=True,
        )
        subscription = await jetstream.pull_subscribe(ORDER_EVENTS, stream=STREAM, config=config)
        try:
            pending = (await subscription.consumer_info()).num_pending or 0
            while pending > 0:
                messages = await subscription.fetch(min(pending, BATCH), timeout=5)
                for message in messages:
                    sequence = message.metadata.sequence.stream
                    self._events.take(sequence, message.subject, message.headers or {}, message.data)
                pending -= len(messages)
        finally:
            with suppress(NatsError):
                await subscription.unsubscribe()


def _by_account(rows: Iterable[Any]) -> defaultdict[str, list[Any]]:
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.account_name].append(row)
    return found


async def _quietly(_error: Exception) -> None:
    """It reconnects by itself."""
