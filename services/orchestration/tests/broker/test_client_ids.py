from hypothesis import given
from hypothesis import strategies as st

from aviary_orchestration.broker import client_ids


def test_a_hummingbot_client_id_loses_its_dot_and_gains_an_owner() -> None:
    assert client_ids.bound(b"bot-A", b"hbot.bot-A") == "bot-A/hbot_2Ebot-A"
    assert client_ids.bound(b"bot_1", "hé".encode()) == "bot_5F1/h_C3_A9"


@given(st.binary(), st.binary(), st.binary(), st.binary())
def test_two_pairs_never_share_a_client_id(user: bytes, mine: bytes, other: bytes, theirs: bytes) -> None:
    same = client_ids.bound(user, mine) == client_ids.bound(other, theirs)
    assert same == ((user, mine) == (other, theirs))


@given(st.binary(), st.binary(), st.binary())
def test_a_bound_id_begins_with_the_prefix_of_its_user_only(user: bytes, client_id: bytes, other: bytes) -> None:
    bound = client_ids.bound(user, client_id)
    assert bound.startswith(client_ids.prefix(user))
    assert bound.startswith(client_ids.prefix(other)) == (user == other)


@given(st.binary())
def test_what_nats_forbids_in_a_client_id_is_gone(text: bytes) -> None:
    assert all(letter.isascii() and (letter.isalnum() or letter in "-_") for letter in client_ids.encode(text))
