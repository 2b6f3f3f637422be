import pytest
from hypothesis import given
from hypothesis import strategies as st

from aviary_exchange.types import VenueOrderState
from aviary_trading.orders.states import (
    ACTIVE,
    FINAL,
    TRANSITIONS,
    IllegalTransition,
    OrderState,
    move,
    parse_state,
    seen_at_venue,
)

states = st.sampled_from(OrderState)
reports = st.sampled_from(VenueOrderState)


def test_every_state_has_its_row() -> None:
    assert set(TRANSITIONS) == set(OrderState)
    assert frozenset(OrderState) == FINAL | ACTIVE


@given(states, states)
def test_only_what_the_table_allows_can_be_moved(current: OrderState, target: OrderState) -> None:
    if target is current or target in TRANSITIONS[current]:
        assert move(current, target) is target
    else:
        with pytest.raises(IllegalTransition):
            move(current, target)


@given(states, st.lists(reports))
def test_reports_in_any_order_never_leave_the_table(start: OrderState, heard: list[VenueOrderState]) -> None:
    state = start
    for report in heard:
        after = seen_at_venue(state, report)
        assert after is state or after in TRANSITIONS[state]
        state = after


@given(st.sampled_from([OrderState.FILLED, OrderState.CANCELLED]), reports)
def test_the_end_of_an_order_is_the_end(final: OrderState, report: VenueOrderState) -> None:
    assert seen_at_venue(final, report) is final


def test_a_late_open_report_does_not_undo_a_cancellation_under_way() -> None:
    assert seen_at_venue(OrderState.PENDING_CANCEL, VenueOrderState.OPEN) is OrderState.PENDING_CANCEL


def test_an_order_that_the_venue_shows_after_all_is_believed() -> None:
    assert seen_at_venue(OrderState.FAILED, VenueOrderState.OPEN) is OrderState.OPEN


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("canceled", OrderState.CANCELLED),
        ("CANCELLED", OrderState.CANCELLED),
        ("Submitted", OrderState.PENDING_CREATE),
        (" open ", OrderState.OPEN),
    ],
)
def test_states_are_known_by_other_systems_names(text: str, state: OrderState) -> None:
    assert parse_state(text) is state


def test_an_unknown_state_is_refused() -> None:
    with pytest.raises(ValueError, match="LOST"):
        parse_state("LOST")
