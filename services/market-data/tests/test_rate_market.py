from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aviary_market_data.rates.market import Market

PRICES = {
    "BTC-USDT": Decimal(50000),
    "ETH-USDT": Decimal(2500),
    "ETH-BTC": Decimal("0.06"),
    "EUR-USDT": Decimal("1.25"),
    "SOL-BTC": Decimal("0.002"),
    "ADA-BTC": Decimal("0.00001"),
    "ODD-RARE": Decimal(2),
    "EVEN-RARE": Decimal(8),
    "DEAD-USDT": Decimal(0),
}


@pytest.mark.parametrize(
    ("pair", "value", "path", "kind"),
    [
        ("BTC-BTC", "1", [], "identity"),
        ("NOBODY-NOBODY", "1", [], "identity"),
        ("ETH-BTC", "0.06", ["ETH-BTC"], "direct"),
        ("USDT-BTC", "0.00002", ["BTC-USDT inverse"], "inverse"),
        ("BTC-EUR", "40000", ["BTC-USDT", "EUR-USDT inverse"], "two_step"),
        ("EUR-BTC", "0.000025", ["EUR-USDT", "BTC-USDT inverse"], "two_step"),
        ("SOL-USDT", "100", ["SOL-BTC", "BTC-USDT"], "two_step"),
        ("SOL-ADA", "200", ["SOL-BTC", "ADA-BTC inverse"], "two_step"),
        ("ODD-EVEN", "0.25", ["ODD-RARE", "EVEN-RARE inverse"], "two_step"),
    ],
)
def test_a_rate_is_found_and_says_how(pair: str, value: str, path: list[str], kind: str) -> None:
    rate = Market(PRICES).rate(pair, "USDT")
    assert rate is not None
    assert (rate.value, [str(step) for step in rate.steps], rate.kind) == (Decimal(value), path, kind)


@pytest.mark.parametrize("pair", ["FOO-USDT", "BTC-FOO", "SOL-EUR", "ODD-BTC", "DEAD-USDT", "USDT-DEAD"])
def test_there_is_no_rate_without_a_way_of_two_steps(pair: str) -> None:
    assert Market(PRICES).rate(pair, "USDT") is None


def test_a_listed_pair_goes_before_the_inverse_of_its_reverse() -> None:
    market = Market({"A-B": Decimal(3), "B-A": Decimal("0.3")})
    assert [market.rate(pair, "USDT").value for pair in ("A-B", "B-A")] == [Decimal(3), Decimal("0.3")]  # type: ignore[union-attr]


@pytest.mark.parametrize(("quote_token", "through"), [("DAI", "DAI"), ("XYZ", "XYZ"), ("EUR", "BTC"), ("USDT", "BTC")])
def test_the_quote_token_goes_first_then_the_liquid_ones_then_any(quote_token: str, through: str) -> None:
    market = Market({f"{token}-{other}": Decimal(2) for token in ("A", "B") for other in ("DAI", "XYZ", "BTC", "AAA")})
    rate = market.rate("A-B", quote_token)
    assert rate is not None
    assert rate.steps[0].pair == f"A-{through}"


def test_through_any_token_the_choice_is_always_the_same() -> None:
    prices = {f"{token}-{other}": Decimal(2) for token in ("A", "B") for other in ("ZZZ", "AAA", "MMM")}
    for names in (list(prices), list(reversed(prices))):
        rate = Market({name: prices[name] for name in names}).rate("A-B", "USDT")
        assert rate is not None
        assert rate.steps[0].pair == "A-AAA"


TOKENS = ("BTC", "ETH", "USDT", "EUR", "A", "B", "C", "D")
VALUES = st.decimals("0.00000001", "1000000", places=8)
PAIR = st.tuples(st.sampled_from(TOKENS), st.sampled_from(TOKENS)).filter(lambda pair: pair[0] < pair[1])
LISTED = st.dictionaries(PAIR, VALUES, min_size=1)
TOLERANCE = Decimal("1e-20")


@given(LISTED, st.sampled_from(TOKENS))
def test_a_rate_times_its_reverse_is_one(listed: dict[tuple[str, str], Decimal], quote_token: str) -> None:
    """Whatever the prices, however little they fit each other."""
    market = Market({f"{base}-{quote}": price for (base, quote), price in listed.items()})
    for base in TOKENS:
        for quote in TOKENS:
            there, back = market.rate(f"{base}-{quote}", quote_token), market.rate(f"{quote}-{base}", quote_token)
            assert (there is None) == (back is None)
            if there is not None and back is not None:
                assert abs(there.value * back.value - 1) < TOLERANCE


@given(st.fixed_dictionaries(dict.fromkeys(TOKENS, VALUES)), st.sets(PAIR, min_size=1), st.permutations(TOKENS))
def test_where_prices_fit_each_other_a_detour_costs_nothing(
    values: dict[str, Decimal], pairs: set[tuple[str, str]], tokens: list[str]
) -> None:
    market = Market({f"{base}-{quote}": values[base] / values[quote] for base, quote in pairs})
    first, second, third, *_ = tokens
    rates = [market.rate(f"{a}-{b}", "USDT") for a, b in ((first, second), (second, third), (first, third))]
    for (a, b), rate in zip(((first, second), (second, third), (first, third)), rates, strict=True):
        if rate is not None:
            assert abs(rate.value / (values[a] / values[b]) - 1) < TOLERANCE
    one, two, both = rates
    if one is not None and two is not None and both is not None:
        assert abs(one.value * two.value / both.value - 1) < TOLERANCE


@given(LISTED, st.sampled_from(TOKENS))
def test_a_listed_pair_is_always_found_as_it_is(listed: dict[tuple[str, str], Decimal], quote_token: str) -> None:
    market = Market({f"{base}-{quote}": price for (base, quote), price in listed.items()})
    for (base, quote), price in listed.items():
        rate = market.rate(f"{base}-{quote}", quote_token)
        assert rate is not None
        assert (rate.value, rate.kind) == (price, "direct")
