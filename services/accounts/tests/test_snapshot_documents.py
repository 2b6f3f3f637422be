"""What is written for what was seen: exact numbers, honest gaps."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import orjson
from hypothesis import given
from hypothesis import strategies as st

from aviary_accounts.portfolio.holdings import AtConnector, Held
from aviary_accounts.portfolio.schemas import Among
from aviary_accounts.snapshots.documents import Gap, Snapshot, narrowed, wanted_scope
from aviary_accounts.snapshots.gaps import Before, fill

NOW = datetime(2026, 1, 1, 10, 5, tzinfo=UTC)
EARLIER = NOW - timedelta(minutes=5)
BTC = Held("BTC", Decimal("0.5"), Decimal("0.25"), Decimal(60000))
AWAY = "The venue did not answer in time."


def at(
    *tokens: Held, told: datetime | None = NOW, unread: str | None = None, unpriced: str | None = None
) -> AtConnector:
    return AtConnector("One", "binance", tokens, told, unread, unpriced)


def before(*seen: AtConnector, gaps: tuple[Gap, ...] = ()) -> Before:
    return Before.of(Snapshot.of(EARLIER, seen, gaps))


def gap(what: str, as_of: datetime | None, reason: str = AWAY) -> Gap:
    told = as_of.isoformat() if as_of else None
    return Gap.model_validate(
        {"account_name": "One", "connector_name": "binance", "what": what, "as_of": told, "reason": reason}
    )


def test_numbers_keep_every_digit_and_no_more() -> None:
    held = Held("A", Decimal("0.100000000000000001"), Decimal("1E+3"), Decimal("2.500"))
    text = Snapshot.of(NOW, [at(held)], []).state
    assert '"units":0.100000000000000001,"price":2.5,"value":0.2500000000000000025,"available_units":1000}' in text


amounts = st.decimals("-1e17", "1e17", allow_nan=False, places=18)


@given(amounts, amounts, st.none() | amounts, st.text(min_size=1, max_size=10))
def test_what_is_written_is_read_back_exactly(units: Decimal, free: Decimal, price: Decimal | None, name: str) -> None:
    held = Held(name, units, free, price)
    seen = AtConnector(f"account {name}", f"connector {name}", (held,), NOW)
    snapshot = Snapshot.of(NOW, [seen], [])
    assert Before.of(snapshot).held == {(seen.account_name, seen.connector_name): (held,)}
    assert orjson.loads(snapshot.state)


def test_a_token_without_price_has_no_value() -> None:
    state = orjson.loads(Snapshot.of(NOW, [at(Held("X", Decimal(1), Decimal(1), None))], []).state)
    assert state["One"]["binance"] == [{"token": "X", "units": 1, "price": None, "available_units": 1}]


def test_a_connector_that_holds_nothing_is_left_out() -> None:
    snapshot = Snapshot.of(NOW, [at()], [])
    assert (snapshot.state, snapshot.scope) == ("{}", [])


def test_the_words_of_a_snapshot_meet_those_of_the_filters_that_want_it() -> None:
    scope = set(Snapshot.of(NOW, [at(BTC)], []).scope)
    for among in (Among.of(["ONE"], None), Among.of(None, ["Binance"]), Among.of(["one", "x"], ["y", "binance"])):
        assert scope & set(wanted_scope(among) or ())
    for among in (Among.of(["binance"], None), Among.of(None, ["one"]), Among.of(["one"], ["x"]), Among.of([], None)):
        assert not scope & set(wanted_scope(among) or ())
    assert wanted_scope(Among()) is None


def test_narrowing_leaves_no_empty_accounts() -> None:
    state = Snapshot.of(NOW, [at(BTC)], []).state
    assert narrowed(state, Among.of(["one"], None)) == state
    assert narrowed(state, Among.of(None, ["kucoin"])) == "{}"


def test_nothing_missing_is_nothing_filled() -> None:
    assert fill([at(BTC)], before(at(BTC, told=EARLIER))) == ([at(BTC)], [])


def test_balances_that_trading_still_knows_stay_and_say_how_old_they_are() -> None:
    seen = at(BTC, told=EARLIER, unread=AWAY)
    assert fill([seen], None) == ([seen], [gap("balances", EARLIER)])


def test_balances_that_nobody_knows_any_more_are_those_of_the_snapshot_before() -> None:
    filled, gaps = fill([at(told=None, unread=AWAY)], before(at(BTC)))
    assert [each.held for each in filled] == [(BTC,)]
    assert gaps == [gap("balances", EARLIER)]


def test_the_age_of_what_is_carried_on_and_on_does_not_start_again() -> None:
    long_ago = EARLIER - timedelta(days=2)
    _, gaps = fill([at(told=None, unread=AWAY)], before(at(BTC), gaps=(gap("balances", long_ago),)))
    assert gaps == [gap("balances", long_ago)]


def test_what_was_never_known_is_left_out_and_said() -> None:
    for known in (None, before()):
        filled, gaps = fill([at(told=None, unread=AWAY)], known)
        assert gaps == [gap("balances", None)]
        snapshot = Snapshot.of(NOW, filled, gaps)
        assert snapshot.state == "{}"
        assert "one/binance" in snapshot.scope


def test_without_market_data_the_last_prices_stay_and_say_so() -> None:
    unpriced = Held("BTC", Decimal(1), Decimal(1), None)
    filled, gaps = fill([at(unpriced, unpriced="market-data is away")], before(at(BTC)))
    assert filled[0].held[0].value == 60000
    assert gaps == [gap("prices", EARLIER, "market-data is away")]


def test_without_market_data_a_token_that_never_had_a_price_has_none() -> None:
    unpriced = Held("NEW", Decimal(1), Decimal(1), None)
    filled, gaps = fill([at(unpriced, unpriced="market-data is away")], before())
    assert filled[0].held[0].price is None
    assert gaps == [gap("prices", None, "market-data is away")]


def test_a_token_that_the_venue_does_not_list_does_not_keep_an_old_price() -> None:
    unpriced = Held("BTC", Decimal(1), Decimal(1), None)
    assert fill([at(unpriced)], before(at(BTC))) == ([at(unpriced)], [])
