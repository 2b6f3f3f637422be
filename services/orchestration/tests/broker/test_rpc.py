"""Commands to a bot and its answers, the way Hummingbot speaks: an envelope that says where the answer goes."""

import asyncio
from collections.abc import Callable
from uuid import uuid4

import aiomqtt
import orjson
import pytest

from aviary_common.cancelling import end
from aviary_testing.waiting import eventually

from .house import House, deliver, next_on, subscribe


async def answer(client: aiomqtt.Client) -> None:
    async for message in client.messages:
        assert isinstance(message.payload, bytes)
        envelope = orjson.loads(message.payload)
        reply = {"header": {}, "data": {"status": 200, "msg": str(message.topic), "got": envelope["data"]}}
        await client.publish(envelope["header"]["reply_to"], orjson.dumps(reply))


@pytest.mark.parametrize("where", ["hbot/{bot}/reply/{id}", "hummingbot-api/response/{id}"])
async def test_a_bot_answers_a_service(house: House, new_name: Callable[[], str], where: str) -> None:
    login = await house.broker.admit(new_name())
    bot = login.username
    async with house.bot(login) as client, house.service() as service:
        for command in ("start", "stop", "status", "history"):
            assert await subscribe(client, f"hbot/{bot}/{command}", 1) == 1
        answering = asyncio.create_task(answer(client))
        try:
            for command in ("start", "stop", "status", "history"):
                reply_to = where.format(bot=bot, id=uuid4().hex)
                heard = await service.subscribe(reply_to.replace("/", "."))
                await deliver(service)
                question = {"header": {"reply_to": reply_to}, "data": {"n": command}}
                await service.publish(f"hbot.{bot}.{command}", orjson.dumps(question))
                reply = orjson.loads((await heard.next_msg(timeout=10)).data)
                assert reply["data"] == {"status": 200, "msg": f"hbot/{bot}/{command}", "got": {"n": command}}
        finally:
            await end(answering)


async def test_a_big_message_passes_both_ways(house: House, new_name: Callable[[], str]) -> None:
    login, big = await house.broker.admit(new_name()), bytes(range(250)) * 3600
    assert len(big) == 900_000
    async with house.bot(login) as client, house.service() as service:
        heard = await service.subscribe(f"hbot.{login.username}.up")
        await deliver(service)
        await client.publish(f"hbot/{login.username}/up", big, qos=1)
        assert (await heard.next_msg(timeout=20)).data == big
        assert await subscribe(client, f"hbot/{login.username}/down", 1) == 1
        await service.publish(f"hbot.{login.username}.down", big)
        assert (await next_on(client, f"hbot/{login.username}/down")).payload == big


async def test_a_persistent_session_gets_what_it_missed(house: House, new_name: Callable[[], str]) -> None:
    login = await house.broker.admit(new_name())
    topic = f"hbot/{login.username}/start"
    async with house.bot(login, clean_session=False) as client:
        assert await subscribe(client, topic, 1) == 1
    await eventually(lambda: house.is_gone(login.username))
    async with house.bot(login, "another client") as other:
        await other.publish(topic, b"missed", qos=1)
    async with house.bot(login, clean_session=False) as client:
        assert (await next_on(client, topic)).payload == b"missed"
    assert await house.is_let_in(login, clean_session=True)
