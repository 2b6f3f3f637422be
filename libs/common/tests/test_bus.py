import asyncio
import contextlib
import uuid
from typing import ClassVar

import pytest
from pydantic import BaseModel
from redis.exceptions import ConnectionError as CacheConnectionError

from aviary_common.bus import Bus, Event, Question
from aviary_common.context import request_id
from aviary_common.errors import DeadlineExceeded, NotFound, Unavailable
from aviary_common.tasks import Tasks
from aviary_local.testing import Servers
from aviary_testing.buses import bus_settings
from aviary_testing.waiting import eventually


class Told(Event):
    subject: ClassVar[str] = "aviary.trading.thing.told"

    number: int


class Doubled(BaseModel):
    number: int
    request_id: str


class Double(Question[Doubled]):
    subject: ClassVar[str] = "rpc.trading.double"
    answer: ClassVar[type[BaseModel]] = Doubled

    number: int


async def tell(bus: Bus, number: int, message_id: str | None = None) -> None:
    await bus.publish(Told.subject, {"number": number}, message_id=message_id or str(uuid.uuid4()))


async def double(question: Double) -> Doubled:
    return Doubled(number=question.number * 2, request_id=request_id.get())


async def test_a_question_is_answered_and_the_request_id_travels(accounts_bus: Bus, trading_bus: Bus) -> None:
    await trading_bus.answer(Double, double)
    token = request_id.set("request-1")
    try:
        answer = await accounts_bus.ask(Double(number=21))
    finally:
        request_id.reset(token)
    assert answer == Doubled(number=42, request_id="request-1")


async def test_the_answerers_error_is_raised_at_the_asker(accounts_bus: Bus, trading_bus: Bus) -> None:
    async def refuse(_question: Double) -> Doubled:
        raise NotFound("no such number", code="unknown_number")

    await trading_bus.answer(Double, refuse)
    with pytest.raises(NotFound, match="no such number") as raised:
        await accounts_bus.ask(Double(number=1))
    assert raised.value.code == "unknown_number"


async def test_a_bug_at_the_answerer_does_not_leave_its_words(accounts_bus: Bus, trading_bus: Bus) -> None:
    async def crash(_question: Double) -> Doubled:
        raise RuntimeError("password=hunter2")

    await trading_bus.answer(Double, crash)
    with pytest.raises(Exception, match="internal error"):
        await accounts_bus.ask(Double(number=1))


async def test_an_answerer_without_its_cache_says_so(accounts_bus: Bus, trading_bus: Bus) -> None:
    async def read_the_cache(_question: Double) -> Doubled:
        raise CacheConnectionError("refused")

    await trading_bus.answer(Double, read_the_cache)
    with pytest.raises(Unavailable, match="valkey is not available"):
        await accounts_bus.ask(Double(number=1))


async def test_without_nats_a_question_fails_long_before_its_deadline(servers: Servers, accounts_bus: Bus) -> None:
    servers.nats.kill()
    try:
        with contextlib.suppress(DeadlineExceeded, Unavailable):
            await accounts_bus.ask(Double(number=1), deadline_s=0.3)
        async with asyncio.timeout(5):
            with pytest.raises(Unavailable, match="nats is not available"):
                await accounts_bus.ask(Double(number=1), deadline_s=600)
    finally:
        servers.nats.start()


async def test_nobody_to_answer_is_unavailable_at_once(accounts_bus: Bus) -> None:
    started = asyncio.get_running_loop().time()
    with pytest.raises(Unavailable) as raised:
        await accounts_bus.ask(Double(number=1), deadline_s=10)
    assert raised.value.component == "trading"
    assert asyncio.get_running_loop().time() - started < 5


async def test_no_answer_in_time_is_its_own_error(accounts_bus: Bus, trading_bus: Bus) -> None:
    async def think(_question: Double) -> Doubled:
        await asyncio.Event().wait()
        raise AssertionError

    await trading_bus.answer(Double, think)
    with pytest.raises(DeadlineExceeded):
        await accounts_bus.ask(Double(number=1), deadline_s=0.05)


async def test_replicas_share_the_questions(servers: Servers, accounts_bus: Bus, trading_bus: Bus) -> None:
    answered: list[str] = []

    def named(name: str):  # type: ignore[no-untyped-def]  # noqa: ANN202
        async def answer(question: Double) -> Doubled:
            answered.append(name)
            return await double(question)

        return answer

    await trading_bus.answer(Double, named("one"))
    await trading_bus.answer(Double, named("two"))
    await asyncio.gather(*(accounts_bus.ask(Double(number=number)) for number in range(50)))
    assert len(answered) == 50
    assert set(answered) == {"one", "two"}


async def test_an_event_is_consumed_once_although_published_twice(accounts_bus: Bus, trading_bus: Bus) -> None:
    name, seen = uuid.uuid4().hex, []

    async def hear(event: Told) -> None:
        seen.append(event.number)

    marker = uuid.uuid4().int % 10**9
    for number in (marker, marker, marker + 1):
        await tell(trading_bus, number, message_id=f"{name}-{number}")
    async with Tasks() as tasks:
        tasks.supervise("consume", lambda: accounts_bus.consume(Told, hear, name=name))
        await eventually(lambda: marker + 1 in seen)
    assert seen.count(marker) == 1


async def test_an_event_comes_again_after_its_handler_failed(accounts_bus: Bus, trading_bus: Bus) -> None:
    name, attempts = uuid.uuid4().hex, 0
    marker = uuid.uuid4().int % 10**9

    async def hear(event: Told) -> None:
        nonlocal attempts
        if event.number == marker:
            attempts += 1
            if attempts == 1:
                raise OSError("not now")

    await tell(trading_bus, marker)
    async with Tasks() as tasks:
        tasks.supervise("consume", lambda: accounts_bus.consume(Told, hear, name=name))
        await eventually(lambda: attempts == 2)


async def test_what_was_published_while_nobody_consumed_is_not_lost(accounts_bus: Bus, trading_bus: Bus) -> None:
    name, seen = uuid.uuid4().hex, []
    marker = uuid.uuid4().int % 10**9

    async def hear(event: Told) -> None:
        seen.append(event.number)

    await tell(trading_bus, marker)
    async with Tasks() as tasks:
        tasks.supervise("first", lambda: accounts_bus.consume(Told, hear, name=name))
        await eventually(lambda: marker in seen)
    await tell(trading_bus, marker + 1)
    async with Tasks() as tasks:
        tasks.supervise("second", lambda: accounts_bus.consume(Told, hear, name=name))
        await eventually(lambda: marker + 1 in seen)
    assert seen.count(marker) == 1


async def test_the_bus_comes_back_after_nats_was_killed(servers: Servers, accounts_bus: Bus, trading_bus: Bus) -> None:
    await trading_bus.answer(Double, double)
    servers.nats.kill()
    with pytest.raises(Unavailable):
        await accounts_bus.ask(Double(number=1), deadline_s=0.3)
    servers.nats.start()

    async def answered() -> bool:
        try:
            return (await accounts_bus.ask(Double(number=2), deadline_s=1)).number == 4
        except (Unavailable, DeadlineExceeded):
            return False

    await eventually(answered)
    await tell(trading_bus, 1)


async def test_a_service_may_not_ask_whom_it_has_no_business_with(servers: Servers, trading_bus: Bus) -> None:
    class Secret(Question[Doubled]):
        subject: ClassVar[str] = "rpc.backtesting.secret"
        answer: ClassVar[type[BaseModel]] = Doubled

    with pytest.raises((Unavailable, DeadlineExceeded)):
        await trading_bus.ask(Secret(), deadline_s=0.3)


async def test_a_question_under_way_is_answered_before_the_answerer_leaves(servers: Servers, accounts_bus: Bus) -> None:
    leaving = await Bus.connect(bus_settings(servers, "trading"))
    asked, finish = asyncio.Event(), asyncio.Event()

    async def slowly(question: Double) -> Doubled:
        asked.set()
        await finish.wait()
        return await double(question)

    await leaving.answer(Double, slowly)
    asking = asyncio.create_task(accounts_bus.ask(Double(number=4)))
    await asked.wait()
    closing = asyncio.create_task(leaving.close())
    asyncio.get_running_loop().call_later(0.05, finish.set)
    assert (await asking).number == 8
    await closing
