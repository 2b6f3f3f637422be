"""CONNECT packets as clients write them."""

from collections.abc import Iterable


def text(value: bytes) -> bytes:
    return len(value).to_bytes(2, "big") + value


def length(value: int) -> bytes:
    encoded = b""
    while True:
        value, low = divmod(value, 128)
        encoded += bytes([low | (0x80 if value else 0)])
        if not value:
            return encoded


def connect(
    client_id: bytes,
    user: bytes | None = None,
    password: bytes | None = None,
    *,
    will: tuple[bytes, bytes] | None = None,
    clean: bool = True,
    protocol: bytes = b"\x00\x04MQTT\x04",
) -> bytes:
    flags = (0x02 if clean else 0) | (0x04 if will else 0)
    flags |= (0x80 if user is not None else 0) | (0x40 if password is not None else 0)
    rest: Iterable[bytes] = (each for each in (*(will or ()), user, password) if each is not None)
    body = protocol + bytes([flags]) + b"\x00\x3c" + text(client_id) + b"".join(map(text, rest))
    return b"\x10" + length(len(body)) + body
