"""The bots' topics as NATS subjects: ``hbot.<bot>.<topic>``. Names of bots have no dots, by our own rule."""

from typing import Final

ALL: Final = "hbot.>"
PREFIX: Final = "hbot"
LOG: Final = "log"
NOTIFY: Final = "notify"
EVENTS: Final = "events"
STATUS: Final = "status_updates"
HEARTBEAT: Final = "hb"
PERFORMANCE: Final = "performance"
REPLY: Final = "reply."
RECORDED: Final = tuple(f"{PREFIX}.*.{topic}" for topic in (LOG, NOTIFY, EVENTS, STATUS))
"""What is written down; the rest is only the newest state."""


def parse(subject: str) -> tuple[str, str]:
    """The bot and its topic, both empty when this is not such a subject."""
    prefix, _, rest = subject.partition(".")
    bot, _, topic = rest.partition(".")
    return (bot, topic) if prefix == PREFIX and topic else ("", "")


def command_subject(bot: str, command: str) -> str:
    """``balance/limit`` has a level of its own."""
    return f"{PREFIX}.{bot}.{command.replace('/', '.')}"


def reply_topic(bot: str, question_id: str) -> str:
    """As MQTT writes it. Below the bot's own topics, so nobody else can answer."""
    return f"{PREFIX}/{bot}/reply/{question_id}"
