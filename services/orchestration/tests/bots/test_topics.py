"""Topics as NATS subjects."""

import pytest

from aviary_orchestration.bots import topics


@pytest.mark.parametrize(
    ("subject", "found"),
    [
        ("hbot.bot-1.log", ("bot-1", "log")),
        ("hbot.bot-1.reply.abc", ("bot-1", "reply.abc")),
        ("hbot.bot-1.balance.limit", ("bot-1", "balance.limit")),
        ("hbot.bot-1", ("", "")),
        ("hbot.bot-1.", ("", "")),
        ("hbot", ("", "")),
        ("other.bot-1.log", ("", "")),
        ("", ("", "")),
    ],
)
def test_a_subject_names_a_bot_and_a_topic(subject: str, found: tuple[str, str]) -> None:
    assert topics.parse(subject) == found


def test_commands_and_replies_stand_below_the_bot() -> None:
    assert topics.command_subject("bot", "balance/limit") == "hbot.bot.balance.limit"
    assert topics.reply_topic("bot", "1") == "hbot/bot/reply/1"
    assert topics.parse(topics.reply_topic("bot", "1").replace("/", ".")) == ("bot", f"{topics.REPLY}1")
