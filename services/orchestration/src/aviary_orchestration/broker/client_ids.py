"""MQTT client ids as NATS gets to see them: without a dot, and bound to the user who brings them.

``hbot.bot_1`` of the user ``bot_1`` becomes ``bot_5F1/hbot_2Ebot_5F1``. Two different pairs of user and client id never
become the same, so nobody can take over another's session.
"""

import string
from typing import Final

_KEPT: Final = frozenset((string.ascii_letters + string.digits + "-").encode())


def bound(user: bytes, client_id: bytes) -> str:
    """The client id under which the user's client is known to NATS."""
    return prefix(user) + encode(client_id)


def prefix(user: bytes) -> str:
    """How every client id of this user begins, and no other user's."""
    return encode(user) + "/"


def encode(text: bytes) -> str:
    """Letters, digits and ``-`` stay, every other byte is ``_`` and two hexadecimal digits."""
    return "".join(chr(byte) if byte in _KEPT else f"_{byte:02X}" for byte in text)
