from decimal import Decimal

import pytest

from aviary_exchange import open_private, open_public
from aviary_exchange.catalogue import connectors, find
from aviary_exchange.errors import UnknownConnector
from aviary_exchange.settings import ExchangeSettings


def test_connectors_are_sorted_and_unique() -> None:
    names = [connector.name for connector in connectors()]
    assert names == sorted(set(names))
    assert len([connector for connector in connectors() if not connector.paper]) == 64


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
    address = {"base_urls": {find(name).underlying or name: "http://127.0.0.1:9"}} if "sandbox" in name else {}
    exchange = open_public(name, ExchangeSettings.model_validate(address))
    try:
        assert exchange.connector == name
        assert exchange.intervals() or name.startswith("derive")
    finally:
        await exchange.close()


def test_a_connector_without_an_adapter_says_so() -> None:
    with pytest.raises(UnknownConnector, match="xrpl cannot be used yet"):
        open_public("xrpl", ExchangeSettings())


@pytest.mark.parametrize("name", ["sandbox", "sandbox_paper_trade"])
def test_the_sandbox_needs_an_address(name: str) -> None:
    with pytest.raises(UnknownConnector, match="AVIARY_EXCHANGE_BASE_URLS"):
        open_public(name, ExchangeSettings())


def test_every_spot_connector_with_market_data_has_a_paper_connector() -> None:
    real = [connector for connector in connectors() if connector.is_available and not connector.paper]
    paper = {connector.underlying for connector in connectors() if connector.paper}
    assert paper == {connector.name for connector in real if connector.kind == "spot" and not connector.testnet}
    assert {"binance", "kucoin", "kraken", "gate_io", "sandbox", "lighter"} <= paper


def test_a_paper_connector_takes_what_its_venue_takes_and_asks_for_no_credential() -> None:
    paper, venue = find("Kraken_Paper_Trade"), find("kraken")
    assert (paper.name, paper.underlying, paper.fields) == ("kraken_paper_trade", "kraken", ())
    assert (paper.order_types, paper.fees) == (venue.order_types, venue.fees)
    assert paper.fees is not None
    assert paper.fees.maker < paper.fees.taker < Decimal("0.01")


def test_paper_connectors_have_no_account() -> None:
    with pytest.raises(UnknownConnector, match="paper trading"):
        open_private("binance_paper_trade", {}, ExchangeSettings())


@pytest.mark.parametrize("name", ["dydx_v4_perpetual", "ndax", "lighter_perpetual", "grvt_perpetual"])
def test_accounts_that_ccxt_cannot_sign_for_say_so(name: str) -> None:
    given = {field.name: "x" for field in find(name).fields}
    with pytest.raises(UnknownConnector, match="cannot be traded on yet"):
        open_private(name, given, ExchangeSettings())
