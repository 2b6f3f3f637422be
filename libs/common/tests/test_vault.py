import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from aviary_common import vault
from aviary_common.secrets import ConfigPassword
from aviary_common.settings import VaultSettings
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


@settings(max_examples=20, deadline=None)
@given(st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_any_changed_byte_is_noticed(place: int, change: int) -> None:
    sealed = VAULT.seal({"field": "text"}, "context")
    raw = bytearray(sealed.fields["field"])
    raw[place % len(raw)] ^= change
    with pytest.raises(VaultError):
        VAULT.open(sealed.model_copy(update={"fields": {"field": bytes(raw)}}), "context")


OLD, NEW = SecretStr("kR4t9vQz2LmX"), SecretStr("Zs81mPqL0wYe")
BOTH = Vault(ConfigPassword(NEW, [OLD]))


def test_both_passwords_open_while_keys_are_rotated_and_the_new_one_seals() -> None:
    assert BOTH.open(VAULT.seal(FIELDS, "master/binance"), "master/binance") == FIELDS
    assert Vault(NEW).open(BOTH.seal(FIELDS, "master/binance"), "master/binance") == FIELDS


def test_a_rewrapped_record_needs_the_new_password_only_and_keeps_its_fields() -> None:
    sealed = VAULT.seal(FIELDS, "master/binance")
    again = Sealed.model_validate_json(BOTH.rewrap(sealed, "master/binance").model_dump_json())
    assert again.fields == sealed.fields
    assert again.salt != sealed.salt
    assert Vault(NEW).open(again, "master/binance") == FIELDS
    with pytest.raises(VaultError):
        Vault(OLD).open(again, "master/binance")


def test_what_is_left_to_rewrap_is_known() -> None:
    sealed = VAULT.seal(FIELDS, "master/binance")
    assert not BOTH.is_current(sealed, "master/binance")
    assert BOTH.is_current(BOTH.rewrap(sealed, "master/binance"), "master/binance")


def test_a_record_is_rewrapped_in_its_own_place_only() -> None:
    with pytest.raises(VaultError):
        BOTH.rewrap(VAULT.seal(FIELDS, "master/binance"), "other/binance")


def test_a_cheaper_key_is_found_and_rewrapped_at_todays_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as before:
        before.setattr(vault, "COST", 2**14)
        sealed = VAULT.seal(FIELDS, "master/binance")
    assert not VAULT.is_current(sealed, "master/binance")
    again = VAULT.rewrap(sealed, "master/binance")
    assert (sealed.cost, again.cost) == (2**14, 2**15)
    assert VAULT.open(sealed, "master/binance") == VAULT.open(again, "master/binance") == FIELDS


def test_a_record_from_before_costs_were_written_opens() -> None:
    stored = VAULT.seal(FIELDS, "master/binance").model_dump(mode="json")
    del stored["cost"]
    assert VAULT.open(Sealed.model_validate(stored), "master/binance") == FIELDS


def test_the_old_password_comes_from_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AVIARY_CONFIG_PASSWORD", NEW.get_secret_value())
    monkeypatch.setenv("AVIARY_CONFIG_PASSWORD_OLD", OLD.get_secret_value())
    settings = VaultSettings()
    sealed = VAULT.seal(FIELDS, "master/binance")
    assert Vault(settings.config_password).open(sealed, "master/binance") == FIELDS
    assert OLD.get_secret_value() not in repr(settings)
