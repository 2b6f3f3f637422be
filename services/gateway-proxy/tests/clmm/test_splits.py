"""Principal and fees, and what a position has earned."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from aviary_gateway_proxy.clmm.pnl import summary
from aviary_gateway_proxy.clmm.record import PositionRow, PositionStatus
from aviary_gateway_proxy.clmm.splits import Moved, moved
from aviary_gateway_proxy.transactions.record import TxKind

INFO = {"baseTokenAmount": "1", "quoteTokenAmount": "2000", "baseFeeAmount": "0.001", "quoteFeeAmount": "1"}
D = Decimal
OPENED = datetime(2026, 1, 1, tzinfo=UTC)


def closed(base: str, quote: str) -> Moved:
    told = {"baseTokenAmountRemoved": base, "quoteTokenAmountRemoved": quote, "baseFeeAmountCollected": 0}
    return moved(TxKind.CLOSE, told, INFO, D(1))


def test_what_comes_out_beyond_the_principal_was_earned() -> None:
    assert closed("1.002", "2003") == Moved(D(1), D(2000), D("0.002"), D(3))


def test_fees_that_gateway_tells_apart_count_as_fees() -> None:
    told = {
        "baseTokenAmountRemoved": 1,
        "quoteTokenAmountRemoved": 2000,
        "baseFeeAmountCollected": "0.002",
        "quoteFeeAmountCollected": 3,
    }
    assert moved(TxKind.CLOSE, told, INFO, D(1)) == Moved(D(1), D(2000), D("0.002"), D(3))


def test_a_price_that_moved_earns_nothing() -> None:
    """Less base and more quote than there was: only the fees that were seen count."""
    assert closed("0.9", "2210") == Moved(D("0.899"), D(2209), D("0.001"), D(1))


def test_a_part_takes_its_share_of_the_principal_and_all_fees() -> None:
    told = {"baseTokenAmountRemoved": "0.502", "quoteTokenAmountRemoved": "1003"}
    assert moved(TxKind.REMOVE, told, INFO, D("0.5")) == Moved(D("0.5"), D(1000), D("0.002"), D(3))


def test_without_a_look_before_nothing_is_guessed() -> None:
    told = {"baseTokenAmountRemoved": "1.002", "quoteTokenAmountRemoved": "2003"}
    assert moved(TxKind.CLOSE, told, None, D(1)) == Moved(D("1.002"), D(2003))


def row() -> PositionRow:
    return PositionRow(
        id=1,
        position_address="1",
        pool_address="0x1",
        network="ethereum-mainnet",
        connector="uniswap",
        wallet_address="0x2",
        trading_pair="WETH-USDC",
        base_token="WETH",
        quote_token="USDC",
        base_token_address="0x3",
        quote_token_address="0x4",
        created_at=OPENED,
        closed_at=None,
        status=PositionStatus.OPEN,
        lower_price=D(1800),
        upper_price=D(2200),
        lower_bin_id=None,
        upper_bin_id=None,
        entry_price=D(2000),
        current_price=D(2100),
        percentage=None,
        initial_base_token_amount=D(1),
        initial_quote_token_amount=D(2000),
        position_rent=None,
        base_token_amount=D("0.5"),
        quote_token_amount=D(3000),
        withdrawn_base_amount=D(0),
        withdrawn_quote_amount=D(0),
        base_fee_collected=D("0.01"),
        quote_fee_collected=D(10),
        base_fee_pending=D("0.01"),
        quote_fee_pending=D(8),
        last_updated=OPENED,
    )


def test_the_sums_of_an_open_position() -> None:
    found = summary(row(), OPENED + timedelta(hours=876))
    assert found is not None
    assert found.initial_value_quote == 4000
    assert found.current_lp_value_quote == 4050
    assert found.hodl_value_quote == 4100
    assert found.impermanent_loss_quote == -50
    assert found.total_fees_value_quote == 60
    assert found.total_pnl_quote == 110
    assert found.total_pnl_pct == D("2.75")
    assert found.price_change_pct == 5
    assert found.fee_apr_estimate == 15
    """60 of 4000 in a tenth of a year."""


def test_what_was_withdrawn_is_not_lost() -> None:
    part = replace(row(), base_token_amount=D("0.25"), withdrawn_base_amount=D("0.25"))
    before, later = summary(row(), OPENED), summary(part, OPENED)
    assert before is not None
    assert later is not None
    assert later.total_pnl_quote == before.total_pnl_quote


@pytest.mark.parametrize("change", [{"entry_price": None}, {"current_price": None}])
def test_without_a_price_nothing_is_said(change: dict[str, None]) -> None:
    assert summary(replace(row(), **change), OPENED) is None


def test_a_position_without_a_start_has_no_percentages() -> None:
    found = summary(replace(row(), initial_base_token_amount=D(0), initial_quote_token_amount=D(0)), OPENED)
    assert found is not None
    assert (found.total_pnl_pct, found.fee_apr_estimate) == (None, None)
