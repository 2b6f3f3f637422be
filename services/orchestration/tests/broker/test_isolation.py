"""What one bot may hear and say, both ways round. Repeat it with every new version of NATS."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from uuid import uuid4

import aiomqtt
import pytest
from nats.aio.msg import Msg

from aviary_testing.waiting import eventually

from .house import REFUSED, House, deliver, is_cut_off, next_on, subscribe


@dataclass(frozen=True)
class Pair:
    """``{me}`` and ``{other}`` in a topic are the two bots."""

    me: str
    other: str
    client: aiomqtt.Client
    others_client: aiomqtt.Client

    def topic(self, pattern: str) -> str:
        return pattern.format(me=self.me, other=self.other)


@pytest.fixture(scope="session")
async def bots(house: House) -> AsyncIterator[tuple[Pair, Pair]]:
    one, other = await house.broker.admit("botA"), await house.broker.admit("botB")
    async with house.bot(one) as client, house.bot(other) as others_client:
        yield Pair("botA", "botB", client, others_client), Pair("botB", "botA", others_client, client)


@pytest.fixture(params=[0, 1], ids=["A", "B"])
def pair(bots: tuple[Pair, Pair], request: pytest.FixtureRequest) -> Pair:
    chosen: int = request.param
    return bots[chosen]


@pytest.mark.parametrize("qos", [0, 1])
@pytest.mark.parametrize("pattern", ["hbot/{me}/#", "hbot/{me}/+", "hbot/{me}/start"])
async def test_its_own_topics_may_be_heard(pair: Pair, pattern: str, qos: int) -> None:
    assert await subscribe(pair.client, pair.topic(pattern), qos) == qos
    await pair.client.unsubscribe(pair.topic(pattern))


NOT_TO_BE_HEARD = [
    "hbot/{other}/#", "hbot/{other}/status", "hbot/+/status", "hbot/#", "hbot/*/x", "+/{other}/#", "#", ">",
    "$share/g/hbot/{other}/#", "$MQTT/#", "$MQTT/sub/#", "$MQTT/deliver/pubrel/#", "$MQTT/msgs/#", "$MQTT/rmsgs/#",
    "$MQTT/sess/#", "$SYS/#", "$SYS/REQ/USER/AUTH", "$JS/#", "$JS/API/#", "$KV/#", "aviary/#", "_INBOX/#",
    "rpc/#", "hummingbot-api/response/#", "hummingbot-api/response/+", "hbot/+/#", "hbot/{other}",
]  # fmt: skip


@pytest.mark.parametrize("qos", [0, 1])
@pytest.mark.parametrize("pattern", NOT_TO_BE_HEARD)
async def test_nothing_else_may_be_heard(pair: Pair, pattern: str, qos: int) -> None:
    """The client library does not raise when it is refused: the granted codes tell."""
    assert await subscribe(pair.client, pair.topic(pattern), qos) == REFUSED


@pytest.mark.parametrize("qos", [0, 1])
@pytest.mark.parametrize("pattern", ["hbot/{me}/status", "hbot/{me}/a/b/c", "hummingbot-api/response/{me}"])
async def test_what_it_may_say_arrives(house: House, pair: Pair, pattern: str, qos: int) -> None:
    said = uuid4().hex.encode()
    async with house.service() as service:
        heard = await service.subscribe(pair.topic(pattern).replace("/", "."))
        await deliver(service)
        await pair.client.publish(pair.topic(pattern), said, qos=qos)
        assert (await heard.next_msg(timeout=10)).data == said


NOT_TO_BE_SAID = [
    "hbot/{other}/status", "hbot/{other}/a/b", "aviary/x", "$SYS/REQ/SERVER/PING", "$SYS/REQ/USER/AUTH",
    "$JS/API/STREAM/LIST", "$MQTT/msgs/hbot/{other}/x", "$MQTT/sub/x", "$MQTT/sess/x", "_INBOX/orchestration/x",
    "rpc/accounts/get_credential", "hummingbot-api/response", "hummingbot-api/response/a/b", "hbot/{me}", "hbot",
]  # fmt: skip


@pytest.mark.parametrize("qos", [0, 1])
@pytest.mark.parametrize("pattern", NOT_TO_BE_SAID)
async def test_nothing_else_may_be_said(house: House, pair: Pair, pattern: str, qos: int) -> None:
    """NATS acknowledges it and throws it away; its log and the ears of everybody show that it went nowhere."""
    topic, said, allowed = pair.topic(pattern), uuid4().hex.encode(), f"hbot.{pair.me}.done"
    heard: list[Msg] = []
    done = asyncio.Event()

    async def hear(message: Msg) -> None:
        if message.data == said:
            heard.append(message)
            if message.subject == allowed:
                done.set()

    before = house.violations(topic)
    async with house.service() as service:
        for subject in ("hbot.>", "hummingbot-api.response.>", "aviary.>", "_INBOX.orchestration.>"):
            await service.subscribe(subject, cb=hear)
        await deliver(service)
        await pair.client.publish(topic, said, qos=qos)
        await pair.client.publish(allowed.replace(".", "/"), said, qos=qos)
        await asyncio.wait_for(done.wait(), 10)
    assert [message.subject for message in heard] == [allowed]
    await eventually(lambda: house.violations(topic) == before + 1)


async def test_nobody_plants_a_retained_message_at_another_bot(
    house: House, pair: Pair, new_name: Callable[[], str]
) -> None:
    marker = f"hbot/{pair.other}/{new_name()}"
    await pair.client.publish(marker, b"planted", qos=1, retain=True)
    await eventually(lambda: house.violations(marker) == 1)
    assert await subscribe(pair.others_client, marker) != REFUSED
    await pair.others_client.publish(marker, b"own", qos=1)
    heard = await next_on(pair.others_client, marker)
    assert (heard.payload, heard.retain) == (b"own", False)
    await pair.others_client.unsubscribe(marker)


async def test_a_retained_message_is_for_its_own_bot_only(pair: Pair, new_name: Callable[[], str]) -> None:
    topic = f"hbot/{pair.me}/{new_name()}"
    await pair.client.publish(topic, b"state", qos=1, retain=True)
    assert await subscribe(pair.others_client, topic) == REFUSED
    await eventually(lambda: _finds(pair, topic, b"state"))
    await pair.client.publish(topic, b"", qos=1, retain=True)


@pytest.mark.parametrize("retain", [False, True])
async def test_a_will_reaches_its_own_topic_and_no_other(
    house: House, new_name: Callable[[], str], *, retain: bool
) -> None:
    login, other = await house.broker.admit(new_name()), await house.broker.admit(new_name())
    async with house.service() as service:
        heard = await service.subscribe("hbot.>")
        forbidden = await service.subscribe("aviary.lwt")
        await deliver(service)
        forbidden_topics = (f"hbot/{other.username}/lwt", "aviary/lwt")
        before = [house.violations(topic) for topic in forbidden_topics]
        for topic in (*forbidden_topics, f"hbot/{login.username}/lwt"):
            will = aiomqtt.Will(topic, topic.encode(), qos=1, retain=retain)
            await _lose(house, login.username, house.bot(login, will=will))
        assert (await heard.next_msg(timeout=10)).subject == f"hbot.{login.username}.lwt"
        await deliver(service)
        assert (heard.pending_msgs, forbidden.pending_msgs) == (0, 0)
        await eventually(lambda: [house.violations(topic) - 1 for topic in forbidden_topics] == before)
    if retain:
        async with house.bot(login) as client:
            await client.publish(f"hbot/{login.username}/lwt", b"", qos=1, retain=True)


async def _finds(pair: Pair, topic: str, retained: bytes) -> bool:
    """Whether a new subscription gets the message. NATS acknowledges it before it is there for others."""
    marker = f"hbot/{pair.me}/marker/{uuid4().hex}"
    assert await subscribe(pair.client, marker) != REFUSED
    assert await subscribe(pair.client, topic) != REFUSED
    await pair.client.publish(marker)
    found = False
    async for message in pair.client.messages:
        found = found or (str(message.topic), message.payload, message.retain) == (topic, retained, True)
        if str(message.topic) == marker:
            break
    await pair.client.unsubscribe([topic, marker])
    return found


async def _lose(house: House, name: str, client: aiomqtt.Client) -> None:
    """The connection breaks without a goodbye; return once NATS has noticed."""
    await client.__aenter__()
    socket = client._client.socket()
    assert socket is not None
    socket.shutdown(2)
    assert await is_cut_off(client)
    await client.__aexit__(None, None, None)
    await eventually(lambda: house.is_gone(name))
