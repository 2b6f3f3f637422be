from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aviary_gateway_proxy.transactions.outcome import Outcome, after
from aviary_gateway_proxy.transactions.record import Transaction, TxKind
from aviary_gateway_proxy.transactions.settings import TransactionPace
from aviary_gateway_proxy.transactions.states import (
    FINAL,
    TRANSITIONS,
    UNFINISHED,
    IllegalTransition,
    TxState,
    TxStatus,
    move,
    status_of,
)

NOW = datetime(2026, 1, 1, tzinfo=UTC)
states = st.sampled_from(TxState)
outcomes = st.builds(Outcome, state=states, hash=st.none() | st.just("0x1"), error=st.none() | st.just("no"))


def transaction(state: TxState = TxState.SENT, chain: str = "ethereum") -> Transaction:
    return Transaction(
        id=1,
        kind=TxKind.SWAP,
        chain=chain,
        network="mainnet",
        connector="uniswap",
        wallet="0x1",
        path="/",
        request={},
        about={},
        state=state,
        in_flight=state not in FINAL,
        hash=None,
        fee=None,
        fee_token=None,
        error=None,
        owner="me",
        created_at=NOW,
        expires_at=NOW + timedelta(seconds=60),
        sent_at=NOW,
        settled_at=None,
        look_at=NOW,
    )


def test_every_state_has_its_row() -> None:
    assert set(TRANSITIONS) == set(TxState)
    assert frozenset(TxState) == FINAL | UNFINISHED


@given(states, states)
def test_only_what_the_table_allows_can_be_moved(current: TxState, target: TxState) -> None:
    if target is current or target in TRANSITIONS[current]:
        assert move(current, target) is target
    else:
        with pytest.raises(IllegalTransition):
            move(current, target)


@given(states, st.lists(outcomes))
def test_news_in_any_order_never_leaves_the_table(start: TxState, heard: list[Outcome]) -> None:
    current = transaction(start)
    for outcome in heard:
        changed = after(current, outcome, NOW, TransactionPace())
        assert changed.state is current.state or changed.state in TRANSITIONS[current.state]
        current = changed


@given(st.sampled_from(sorted(FINAL)), outcomes)
def test_the_end_is_the_end(final: TxState, outcome: Outcome) -> None:
    ended = transaction(final)
    assert after(ended, outcome, NOW, TransactionPace()) == ended


@given(states, st.lists(outcomes))
def test_what_is_final_lets_the_next_one_pass_and_nothing_is_confirmed_by_chance(
    start: TxState, heard: list[Outcome]
) -> None:
    current = transaction(start)
    for outcome in heard:
        current = after(current, outcome, NOW, TransactionPace())
    assert not (current.is_final and current.in_flight)
    assert (status_of(current.state) is TxStatus.CONFIRMED) == (current.state is TxState.CONFIRMED)


def test_on_solana_the_next_one_passes_when_gateway_has_answered() -> None:
    for chain, waits in (("ethereum", True), ("solana", False)):
        sent = after(transaction(chain=chain), Outcome(state=TxState.SUBMITTED, hash="x"), NOW, TransactionPace())
        assert sent.in_flight is waits


def test_one_that_does_not_end_lets_the_next_one_pass_after_a_while() -> None:
    late = NOW + timedelta(seconds=TransactionPace().hold_s + 1)
    assert not after(transaction(), Outcome(state=TxState.UNKNOWN), late, TransactionPace()).in_flight


def test_the_older_it_is_the_rarer_it_is_looked_at() -> None:
    pace = TransactionPace()
    ages = [timedelta(seconds=0), timedelta(minutes=5), timedelta(days=2)]
    assert [pace.next_look(age).total_seconds() for age in ages] == [3, 30, 300]
