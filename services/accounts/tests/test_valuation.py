from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aviary_accounts.portfolio.valuation import is_dollar, pairs_to_price, price_of, quote_of, underlying

tokens = st.text("ABCDLOSTU123", min_size=1, max_size=8)
connectors = st.sampled_from(["sandbox", "kraken", "hyperliquid", "hyperliquid_perpetual", "xrpl", "binance"])


@pytest.mark.parametrize(
    ("connector", "quote"),
    [
        ("binance", "USDT"),
        ("binance_perpetual", "USDT"),
        ("hyperliquid", "USDC"),
        ("hyperliquid_perpetual", "USD"),
        ("hyperliquid_testnet", "USDC"),
        ("hyperliquid_perpetual_testnet", "USD"),
        ("derive", "USDC"),
        ("derive_perpetual", "USDC"),
        ("derive_perpetual_testnet", "USDC"),
        ("kraken", "USD"),
        ("kraken_paper_trade", "USD"),
        ("dydx_v4_perpetual", "USD"),
        ("architect_perpetual_sandbox", "USD"),
        ("xrpl", "RLUSD"),
        ("sandbox", "USDT"),
        ("never_heard_of", "USDT"),
    ],
)
def test_each_connector_is_valued_in_its_own_quote(connector: str, quote: str) -> None:
    assert quote_of(connector) == quote


@pytest.mark.parametrize("token", ["USD", "USDT", "USDC", "FDUSD", "RLUSD", "LDUSDT"])
def test_a_dollar_is_worth_one_and_needs_no_price(token: str) -> None:
    assert is_dollar(token)
    assert pairs_to_price([token], "binance") == []
    assert price_of(token, "binance", {}) == 1


@pytest.mark.parametrize(
    ("token", "plain"), [("LDBTC", "BTC"), ("LDO", "LDO"), ("LD", "LD"), ("LDLDO", "LDO"), ("BTC", "BTC")]
)
def test_lent_out_tokens_are_valued_as_what_they_stand_for(token: str, plain: str) -> None:
    assert underlying(token) == plain
    assert pairs_to_price([token], "binance") == [f"{plain}-USDT"]
    assert price_of(token, "binance", {f"{plain}-USDT": Decimal(3)}) == 3


def test_an_unknown_price_is_none_and_never_zero() -> None:
    assert price_of("BTC", "binance", {"BTC-USDC": Decimal(1), "ETH-USDT": Decimal(2)}) is None


def test_a_pair_is_asked_for_once() -> None:
    assert pairs_to_price(["LDBTC", "BTC", "ETH", "USDT"], "binance") == ["BTC-USDT", "ETH-USDT"]


@given(st.sets(tokens), connectors)
def test_the_asked_pairs_price_every_token(held: set[str], connector: str) -> None:
    prices = dict.fromkeys(pairs_to_price(held, connector), Decimal(7))
    assert all(price_of(token, connector, prices) is not None for token in held)


@given(st.sets(tokens), connectors)
def test_asked_pairs_are_whole_sorted_and_in_the_quote(held: set[str], connector: str) -> None:
    pairs = pairs_to_price(held, connector)
    assert pairs == sorted(set(pairs))
    assert all(base and quote == quote_of(connector) for base, _, quote in (pair.rpartition("-") for pair in pairs))


@given(tokens, connectors)
def test_without_any_price_only_dollars_are_known(token: str, connector: str) -> None:
    assert price_of(token, connector, {}) == (1 if is_dollar(token) else None)
