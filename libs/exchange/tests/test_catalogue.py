import pytest

from aviary_exchange import open_private, open_public
from aviary_exchange.catalogue import connectors, find
from aviary_exchange.errors import UnknownConnector
from aviary_exchange.settings import ExchangeSettings


def test_connectors_are_sorted_and_unique() -> None:
    names = [connector.name for connector in connectors()]
    assert names == sorted(set(names))
    assert len(names) == 68


def test_names_are_found_in_any_case() -> None:
    assert find(" Binance_Perpetual ").is_perpetual
    assert not find("binance").is_perpetual


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownConnector, match="Did you mean 'binance_perpetual'"):
        find("binance_perpetul")


def test_field_names_are_unique_within_a_connector() -> None:
    for connector in connectors():
        names = [field.name for field in connector.fields]
        assert len(names) == len(set(names)), connector.name


def test_every_perpetual_has_a_position_mode_and_no_spot_connector_has() -> None:
    for connector in connectors():
        assert bool(connector.position_modes) == connector.is_perpetual, connector.name


@pytest.mark.parametrize("name", [connector.name for connector in connectors() if connector.is_available])
async def test_every_available_connector_opens(name: str) -> None:
    address = {"base_urls": {name: "http://127.0.0.1:9"}} if name.startswith("sandbox") else {}
    exchange = open_public(name, ExchangeSettings.model_validate(address))
    try:
        assert exchange.connector == name
        assert exchange.intervals() or name == "derive"
    finally:
        await exchange.close()


def test_a_connector_without_an_adapter_says_so() -> None:
    with pytest.raises(UnknownConnector, match="xrpl cannot be used yet"):
        open_public("xrpl", ExchangeSettings())


def test_the_sandbox_needs_an_address() -> None:
    with pytest.raises(UnknownConnector, match="AVIARY_EXCHANGE_BASE_URLS"):
        open_public("sandbox", ExchangeSettings())


def test_paper_connectors_have_no_account() -> None:
    with pytest.raises(UnknownConnector, match="paper trading"):
        open_private("binance_paper_trade", {}, ExchangeSettings())


@pytest.mark.parametrize("name", ["dydx_v4_perpetual", "ndax", "lighter_perpetual", "grvt_perpetual"])
def test_accounts_that_ccxt_cannot_sign_for_say_so(name: str) -> None:
    given = {field.name: "x" for field in find(name).fields}
    with pytest.raises(UnknownConnector, match="cannot be traded on yet"):
        open_private(name, given, ExchangeSettings())
