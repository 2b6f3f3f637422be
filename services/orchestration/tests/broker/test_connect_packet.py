import asyncio
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aviary_orchestration.broker import client_ids
from aviary_orchestration.mqtt_edge.connect import LONGEST_BYTES, NotMqtt, bind_client_id, read_connect

from .packets import connect

SHORT = st.binary(max_size=300)


async def edged(wire: bytes) -> bytes:
    reader = asyncio.StreamReader()
    reader.feed_data(wire)
    reader.feed_eof()
    return bind_client_id(await read_connect(reader)).to_bytes() + await reader.read()


def through(wire: bytes) -> bytes:
    with asyncio.Runner() as runner:
        return runner.run(edged(wire))


@given(SHORT.filter(bool), SHORT, st.none() | SHORT, st.none() | st.tuples(SHORT, SHORT), st.booleans(), SHORT)
def test_nothing_but_the_client_id_changes(
    client_id: bytes,
    user: bytes,
    password: bytes | None,
    will: tuple[bytes, bytes] | None,
    clean: bool,
    later: bytes,
) -> None:
    bound = client_ids.bound(user, client_id).encode()
    given = connect(client_id, user, password, will=will, clean=clean)
    assert through(given + later) == connect(bound, user, password, will=will, clean=clean) + later


@given(st.binary(max_size=200))
def test_noise_is_refused_or_passes_as_it_is(noise: bytes) -> None:
    with suppress(NotMqtt):
        assert through(noise) == noise


@given(st.data())
def test_a_packet_cut_anywhere_is_refused(data: st.DataObject) -> None:
    whole = connect(b"hbot.bot", b"bot", b"password", will=(b"hbot/bot/lwt", b"gone"))
    with pytest.raises(NotMqtt):
        through(whole[: data.draw(st.integers(0, len(whole) - 1))])


@pytest.mark.parametrize(
    "packet",
    [
        connect(b"hbot.bot", b"bot", b"password", protocol=b"\x00\x04MQTT\x05"),
        connect(b"hbot.bot", b"bot", b"password", protocol=b"\x00\x06MQIsdp\x03"),
        connect(b"hbot.bot"),
        connect(b"", b"bot", b"password", clean=False),
    ],
    ids=["MQTT 5", "MQTT 3.1", "no user", "no client id for a lasting session"],
)
async def test_what_the_server_refuses_anyway_is_left_alone(packet: bytes) -> None:
    assert await edged(packet) == packet


async def test_without_a_client_id_each_connection_gets_one_of_its_own() -> None:
    packet = connect(b"", b"bot", b"password")
    one, other = await edged(packet), await edged(packet)
    assert one != other
    assert b"bot/" in one
    assert one.endswith(packet[-13:])


async def test_the_longest_packet_passes_and_a_longer_one_is_refused() -> None:
    fits = connect(b"id", b"user", b"p" * (LONGEST_BYTES - 22))
    assert len(fits) == LONGEST_BYTES + 3
    assert (await edged(fits)).endswith(b"ppp")
    with pytest.raises(NotMqtt, match="too long"):
        await edged(connect(b"id", b"user", b"p" * (LONGEST_BYTES - 21)))


async def test_a_text_longer_than_its_packet_is_refused() -> None:
    packet = bytearray(connect(b"id", b"user", b"password"))
    packet[12:14] = b"\xff\xff"
    with pytest.raises(NotMqtt, match="malformed"):
        await edged(bytes(packet))
