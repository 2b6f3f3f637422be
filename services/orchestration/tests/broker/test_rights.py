import pytest
from hypothesis import given
from hypothesis import strategies as st

from aviary_common.errors import BadRequest
from aviary_orchestration.broker import rights


@pytest.mark.parametrize("name", ["bot", "bot_1", "bot-1", "B" * 64, "7", "-"])
def test_ordinary_names_are_fine(name: str) -> None:
    rights.require_bot_name(name)
    assert rights.may_be_a_bot(name)


@pytest.mark.parametrize(
    "name", ["", ">", "*", "a.b", "a/b", "a b", "a\n", "é", "B" * 65, "auth", "ops", "operator", "Orchestration"]
)
def test_names_with_a_meaning_of_their_own_are_refused(name: str) -> None:
    assert not rights.may_be_a_bot(name)
    with pytest.raises(BadRequest):
        rights.require_bot_name(name)


@given(st.text())
def test_no_name_adds_a_wildcard_or_a_level(name: str) -> None:
    if rights.may_be_a_bot(name):
        assert not set(name) & set(".*> \t\r\n")


def test_a_bot_has_its_own_topics_and_may_answer() -> None:
    assert rights.publish("bot") == ["hbot.bot.>", "hummingbot-api.response.*"]
    assert rights.subscribe("bot") == ["hbot.bot.>", "hbot.bot"]
