"""What a bot may do at the broker, and which names a bot may have.

NATS writes ``.`` where MQTT writes ``/``. Nothing under ``$MQTT`` is listed: the server grants a session what it needs.
"""

import re
from typing import Final

from aviary_common.errors import BadRequest

RESERVED: Final = frozenset(
    {
        "auth", "ops", "operator", "sandbox-exchange", "accounts", "trading", "market-data", "orchestration",
        "gateway-proxy", "backtesting", "backtesting-worker", "portal", "mqtt-edge",
    }
)  # fmt: skip
"""NATS checks these users' passwords itself and never asks us about them, so a bot of such a name could not log in.
A contract test compares the list with the launcher's topology."""

_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")


def may_be_a_bot(name: str) -> bool:
    """Anything else, ``>`` or ``a.b`` say, would have rights on more than topics of its own."""
    return _NAME.fullmatch(name) is not None and name.lower() not in RESERVED


def require_bot_name(name: str) -> None:
    if not may_be_a_bot(name):
        raise BadRequest(
            f"{name!r} cannot be a bot's name: 1 to 64 letters, digits, '-' or '_', and not the name of a service.",
            code="bad_bot_name",
        )


def publish(bot_name: str) -> list[str]:
    """Its own topics, and answers to whoever waits on a response topic of one level."""
    return [f"hbot.{bot_name}.>", "hummingbot-api.response.*"]


def subscribe(bot_name: str) -> list[str]:
    """Its own topics; in MQTT ``hbot/bot/#`` subscribes ``hbot/bot`` too."""
    return [f"hbot.{bot_name}.>", f"hbot.{bot_name}"]
