"""The first packet of an MQTT connection, and the client id in it."""

import secrets
from asyncio import IncompleteReadError, StreamReader
from dataclasses import dataclass
from typing import Final

from aviary_orchestration.broker import client_ids

LONGEST_BYTES: Final = 8 * 1024
"""A bot's CONNECT has some 150 bytes; a will may add to it."""

_CONNECT: Final = 0x10
_PROTOCOL: Final = b"\x00\x04MQTT\x04"
"""MQTT 3.1.1, the only version that NATS speaks."""
_HAS_USER: Final = 0x80
_HAS_WILL: Final = 0x04
_CLEAN_SESSION: Final = 0x02
_LENGTH_BYTES_MAX: Final = 4


class NotMqtt(Exception):
    """The text never quotes what came."""


@dataclass(frozen=True)
class Connect:
    """The packet without its fixed header."""

    body: bytes

    def to_bytes(self) -> bytes:
        return bytes([_CONNECT]) + _length(len(self.body)) + self.body


async def read_connect(reader: StreamReader) -> Connect:
    """Exactly one packet is taken from the reader. NotMqtt for anything but a CONNECT of a sensible size."""
    try:
        if (await reader.readexactly(1))[0] != _CONNECT:
            raise NotMqtt("does not begin with CONNECT")
        size = await _read_length(reader)
        if size > LONGEST_BYTES:
            raise NotMqtt("too long")
        return Connect(await reader.readexactly(size))
    except IncompleteReadError:
        raise NotMqtt("ended early") from None


def bind_client_id(connect: Connect) -> Connect:
    """The same with a client id that has no dot and belongs to the user.

    What the server refuses in any case stays as it is: another version of MQTT, no user, and no client id without a
    clean session. NotMqtt when the packet is too short for what it announces.
    """
    if not connect.body.startswith(_PROTOCOL):
        return connect
    fields = _Fields(connect.body, len(_PROTOCOL))
    flags = fields.take(1)[0]
    fields.take(2)  # keep alive
    start = fields.at
    client_id = fields.take_text()
    end = fields.at
    if flags & _HAS_WILL:
        fields.take_text()
        fields.take_text()
    if not flags & _HAS_USER:
        return connect
    user = fields.take_text()
    if not client_id:
        if not flags & _CLEAN_SESSION:
            return connect
        client_id = secrets.token_hex(16).encode()
    bound = client_ids.bound(user, client_id).encode()
    return Connect(connect.body[:start] + len(bound).to_bytes(2, "big") + bound + connect.body[end:])


@dataclass
class _Fields:
    body: bytes
    at: int

    def take(self, count: int) -> bytes:
        taken = self.body[self.at : self.at + count]
        if len(taken) < count:
            raise NotMqtt("malformed")
        self.at += count
        return taken

    def take_text(self) -> bytes:
        return self.take(int.from_bytes(self.take(2), "big"))


async def _read_length(reader: StreamReader) -> int:
    """Seven bits a byte, the lowest first; the eighth says that there is more."""
    length = 0
    for place in range(_LENGTH_BYTES_MAX):
        byte = (await reader.readexactly(1))[0]
        length |= (byte & 0x7F) << (7 * place)
        if not byte & 0x80:
            return length
    raise NotMqtt("malformed")


def _length(value: int) -> bytes:
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)
