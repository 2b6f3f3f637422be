import pytest
from hypothesis import given
from hypothesis import strategies as st

from aviary_exchange.ccxt_adapter.client_ids import ID_RULES, ClientIds

ids = st.text(alphabet="abcxyzABC019-_", min_size=1, max_size=60)


@pytest.mark.parametrize("venue", sorted(ID_RULES))
@given(client_order_id=ids)
def test_every_id_becomes_one_the_venue_allows_and_back(venue: str, client_order_id: str) -> None:
    mapped = ClientIds(venue)
    sent = mapped.to_venue(client_order_id)
    assert sent == client_order_id or ID_RULES[venue].derive("0" * 32)
    assert mapped.to_own(sent) == client_order_id
    assert ClientIds(venue).to_venue(client_order_id) == sent


def test_an_allowed_id_goes_out_unchanged() -> None:
    assert ClientIds("binance").to_venue("aviary-123_x") == "aviary-123_x"


def test_hyperliquid_gets_128_bits_of_hex() -> None:
    sent = ClientIds("hyperliquid").to_venue("aviary-1")
    assert sent.startswith("0x")
    assert len(sent) == 34


def test_gates_own_prefix_is_taken_off() -> None:
    assert ClientIds("gate").to_own("t-aviary-1") == "aviary-1"
    assert ClientIds("okx").to_own("t1") == "t1"
