import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from aviary_common.vault import Sealed, Vault, VaultError

VAULT = Vault(SecretStr("kR4t9vQz2LmX"))
FIELDS = {"binance_api_key": "key", "binance_api_secret": "sécret"}


def test_what_is_sealed_opens_again_after_a_trip_through_json() -> None:
    sealed = Sealed.model_validate_json(VAULT.seal(FIELDS, "master/binance").model_dump_json())
    assert Vault(SecretStr("kR4t9vQz2LmX")).open(sealed, "master/binance") == FIELDS


def test_nothing_readable_is_stored() -> None:
    stored = VAULT.seal({"field": "very-secret-text"}, "master/binance").model_dump_json()
    assert "very-secret-text" not in stored


def test_the_same_secret_never_looks_the_same() -> None:
    first, second = (VAULT.seal(FIELDS, "master/binance") for _ in range(2))
    assert first.fields["binance_api_key"] != second.fields["binance_api_key"]
    assert first.salt != second.salt


def test_another_password_does_not_open_it() -> None:
    sealed = VAULT.seal(FIELDS, "master/binance")
    with pytest.raises(VaultError):
        Vault(SecretStr("another-password")).open(sealed, "master/binance")


def test_a_record_cannot_be_moved_to_another_account() -> None:
    sealed = VAULT.seal(FIELDS, "master/binance")
    with pytest.raises(VaultError):
        VAULT.open(sealed, "other/binance")


def test_a_value_cannot_be_moved_to_another_field() -> None:
    sealed = VAULT.seal(FIELDS, "master/binance")
    swapped = sealed.model_copy(update={"fields": {"binance_api_key": sealed.fields["binance_api_secret"]}})
    with pytest.raises(VaultError):
        VAULT.open(swapped, "master/binance")


@settings(max_examples=20)
@given(st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_any_changed_byte_is_noticed(place: int, change: int) -> None:
    sealed = VAULT.seal({"field": "text"}, "context")
    raw = bytearray(sealed.fields["field"])
    raw[place % len(raw)] ^= change
    with pytest.raises(VaultError):
        VAULT.open(sealed.model_copy(update={"fields": {"field": bytes(raw)}}), "context")
