import pytest
from hypothesis import given
from hypothesis import strategies as st

from aviary_common.errors import Unprocessable
from aviary_gateway_proxy.addresses import checksummed, evm_address, same_address, solana_address, transaction_on
from tests.gateway_peer.keys import base58

from .keys import EVM_KEY, EVM_WALLET, SOLANA_KEY, SOLANA_WALLET

EIP_55 = [
    "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
    "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
    "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
    "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
]
"""The standard's own examples."""


@pytest.mark.parametrize("address", EIP_55)
def test_checksums(address: str) -> None:
    assert checksummed(address.lower()) == address
    for form in (address, address.lower(), f"0x{address[2:].upper()}"):
        assert evm_address(form) == address


@given(st.sampled_from(EIP_55), st.integers(2, 41))
def test_one_letter_in_the_wrong_case_is_refused(address: str, at: int) -> None:
    wrong = address[:at] + address[at].swapcase() + address[at + 1 :]
    if wrong == address:
        return
    with pytest.raises(Unprocessable):
        evm_address(wrong)


@pytest.mark.parametrize("text", ["", "0x", EVM_WALLET[2:], EVM_WALLET + "0", EVM_WALLET[:-1] + "g", SOLANA_WALLET])
def test_what_is_no_evm_address(text: str) -> None:
    with pytest.raises(Unprocessable):
        evm_address(text)


@given(st.binary(min_size=32, max_size=32))
def test_any_32_bytes_are_a_solana_address(raw: bytes) -> None:
    assert solana_address(base58(raw)) == base58(raw)


@pytest.mark.parametrize("text", ["", "0OIl", EVM_WALLET, base58(b"\1" * 31), base58(b"\1" * 33), "1" * 200])
def test_what_is_no_solana_address(text: str) -> None:
    with pytest.raises(Unprocessable):
        solana_address(text)


@pytest.mark.parametrize("key", [EVM_KEY, f"0x{EVM_KEY}", SOLANA_KEY])
def test_a_private_key_in_the_wrong_field_is_not_shown(key: str) -> None:
    for check in (evm_address, solana_address):
        with pytest.raises(Unprocessable) as refused:
            check(key)
        assert key[:8] not in refused.value.detail


def test_case_is_a_checksum_on_one_chain_and_an_address_on_the_other() -> None:
    assert same_address("ethereum", EVM_WALLET, EVM_WALLET.lower())
    assert not same_address("solana", SOLANA_WALLET, SOLANA_WALLET.lower())


def test_transactions() -> None:
    assert transaction_on("ethereum", "0x" + "ab" * 32)
    assert transaction_on("solana", base58(b"\7" * 64))
    for chain, text in (("ethereum", "ab" * 32), ("ethereum", "0x12"), ("solana", base58(b"\7" * 63))):
        with pytest.raises(Unprocessable):
            transaction_on(chain, text)
