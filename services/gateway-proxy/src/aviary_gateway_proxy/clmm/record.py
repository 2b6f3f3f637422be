"""A position and its events as they are stored."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import Row


class PositionStatus(StrEnum):
    OPEN = "OPEN"
    CLOSED = "CLOSED"


class EventType(StrEnum):
    OPEN = "OPEN"
    ADD_LIQUIDITY = "ADD_LIQUIDITY"
    REMOVE_LIQUIDITY = "REMOVE_LIQUIDITY"
    COLLECT_FEES = "COLLECT_FEES"
    CLOSE = "CLOSE"
    DISCOVERED = "DISCOVERED"
    """Opened elsewhere, and met here."""


class InRange(StrEnum):
    IN_RANGE = "IN_RANGE"
    OUT_OF_RANGE = "OUT_OF_RANGE"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionRow:
    """Amounts are whole tokens, prices quote per base, both in the pair as the user wrote it. ``initial`` is all that
    was put in, ``withdrawn`` the principal that was taken out."""

    id: int
    position_address: str
    pool_address: str
    network: str
    connector: str
    wallet_address: str
    trading_pair: str
    base_token: str
    quote_token: str
    base_token_address: str
    quote_token_address: str
    created_at: datetime
    closed_at: datetime | None
    status: PositionStatus
    lower_price: Decimal
    upper_price: Decimal
    lower_bin_id: int | None
    upper_bin_id: int | None
    entry_price: Decimal | None
    current_price: Decimal | None
    percentage: Decimal | None
    initial_base_token_amount: Decimal
    initial_quote_token_amount: Decimal
    position_rent: Decimal | None
    base_token_amount: Decimal
    quote_token_amount: Decimal
    withdrawn_base_amount: Decimal
    withdrawn_quote_amount: Decimal
    base_fee_collected: Decimal
    quote_fee_collected: Decimal
    base_fee_pending: Decimal
    quote_fee_pending: Decimal
    last_updated: datetime

    @classmethod
    def of(cls, row: Row[Any]) -> "PositionRow":
        values = dict(row._mapping)
        return cls(**(values | {"status": PositionStatus(values["status"])}))

    @property
    def in_range(self) -> InRange:
        return in_range(self.current_price, self.lower_price, self.upper_price)


def in_range(price: Decimal | None, lower: Decimal, upper: Decimal) -> InRange:
    if price is None:
        return InRange.UNKNOWN
    return InRange.IN_RANGE if lower <= price < upper else InRange.OUT_OF_RANGE
