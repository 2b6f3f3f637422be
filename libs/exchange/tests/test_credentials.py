import pytest
from hypothesis import given
from hypothesis import strategies as st

from aviary_exchange.catalogue import Connector, CredentialField, connectors, find
from aviary_exchange.credentials import config_map, resolve
from aviary_exchange.errors import InvalidCredentials


def test_config_map_names_resolve_in_any_case_and_are_trimmed() -> None:
    assert dict(resolve(find("binance"), {"Binance_API_Key": " k ", "binance_api_secret": "s\n"})) == {
        "binance_api_key": "k",
        "binance_api_secret": "s",
    }


@pytest.mark.parametrize(
    ("connector", "given_names", "resolved_names"),
    [
        ("binance", ("api_key", "api_secret"), ("binance_api_key", "binance_api_secret")),
        (
            "bitget",
            ("api_key", "api_secret", "passphrase"),
            ("bitget_api_key", "bitget_secret_key", "bitget_passphrase"),
        ),
        ("bing_x", ("api_key", "secret"), ("bingx_api_key", "bingx_api_secret")),
        ("backpack_perpetual", ("api_key", "secret_key"), ("backpack_api_key", "backpack_api_secret")),
        ("architect_perpetual", ("api_key", "api_secret"), ("api_key", "api_secret")),
    ],
)
def test_generic_names_map_onto_the_fields(
    connector: str, given_names: tuple[str, ...], resolved_names: tuple[str, ...]
) -> None:
    assert tuple(resolve(find(connector), dict.fromkeys(given_names, "x"))) == resolved_names


def test_force_override_is_ignored() -> None:
    assert len(resolve(find("binance"), {"api_key": "k", "api_secret": "s", "force_override": "true"})) == 2


@pytest.mark.parametrize(
    ("given_values", "fields"),
    [
        ({"api_key": "k"}, ("binance_api_secret",)),
        ({"api_key": "k", "api_secret": "  "}, ("binance_api_secret",)),
        ({"api_key": "k", "api_secret": "s", "wallet": "w"}, ("wallet",)),
        ({"api_key": "k", "binance_api_key": "k", "api_secret": "s"}, ("binance_api_key",)),
    ],
)
def test_wrong_fields_are_named(given_values: dict[str, str], fields: tuple[str, ...]) -> None:
    with pytest.raises(InvalidCredentials) as raised:
        resolve(find("binance"), given_values)
    assert raised.value.fields == fields


def test_an_ambiguous_name_is_refused_with_its_meanings() -> None:
    two_keys = Connector(
        name="two",
        kind="spot",
        fields=(
            CredentialField("main_api_key", "SecretStr", False),
            CredentialField("sub_api_key", "SecretStr", False),
        ),
        order_types=(),
        position_modes=(),
        ccxt_id=None,
    )
    with pytest.raises(InvalidCredentials, match="api_key may mean main_api_key or sub_api_key"):
        resolve(two_keys, {"api_key": "k"})


def test_literal_fields_take_only_their_values() -> None:
    given_values = {
        "okx_api_key": "k",
        "okx_secret_key": "s",
        "okx_passphrase": "p",
        "okx_registration_sub_domain": "eu",
    }
    with pytest.raises(InvalidCredentials, match="must be one of www, app, my"):
        resolve(find("okx"), given_values)


@given(st.text(min_size=9, max_size=40, alphabet="abcdef0123456789"))
def test_values_are_in_no_repr_and_no_error(value: str) -> None:
    resolved = resolve(find("binance"), {"api_key": value, "api_secret": value})
    assert value not in repr(resolved)
    with pytest.raises(InvalidCredentials) as raised:
        resolve(find("binance"), {"api_key": value, "unknown": value})
    assert value not in str(raised.value)
    assert value not in repr(raised.value)


def test_the_config_map_has_the_contracts_form() -> None:
    assert config_map(find("binance"))["binance_api_key"] == {"type": "SecretStr", "required": True}
    assert config_map(find("okx"))["okx_registration_sub_domain"] == {
        "type": "Literal",
        "required": False,
        "allowed_values": ["www", "app", "my"],
    }


def test_what_a_config_map_asks_for_resolves() -> None:
    for connector in connectors():
        full = {field.name: (field.allowed_values or ("x",))[0] for field in connector.fields}
        assert dict(resolve(connector, full)) == full
