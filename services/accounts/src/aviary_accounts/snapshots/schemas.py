"""What ``/portfolio/history`` takes and answers."""

from datetime import datetime
from typing import Annotated, Final, get_args

from pydantic import BaseModel, Field, WithJsonSchema, field_validator

from aviary_accounts.portfolio.schemas import PortfolioFilter, State
from aviary_accounts.snapshots.documents import Gap
from aviary_accounts.snapshots.intervals import Interval
from aviary_common.pagination import Limit, Pagination
from aviary_common.timestamps import UtcTime

_INTERVAL: Final = {"enum": [*get_args(Interval), None]}


class HistoryFilter(PortfolioFilter):
    limit: Limit = 100
    cursor: str | None = None
    start_time: UtcTime | None = None
    end_time: UtcTime | None = None
    interval: Annotated[Interval, WithJsonSchema(_INTERVAL, mode="validation")] = "5m"

    @field_validator("interval", mode="before")
    @classmethod
    def five_minutes_when_null(cls, value: object) -> object:
        return "5m" if value is None else value


class HistoryFilters(BaseModel):
    """The filters as they were understood."""

    account_names: list[str] | None
    connector_names: list[str] | None
    start_time: datetime | None
    end_time: datetime | None
    interval: Interval


class HistoryPagination(Pagination):
    current_cursor: str | None
    filters: HistoryFilters


class Moment(BaseModel):
    """``gaps`` names what could not be read then; the last known stands in its place, or nothing."""

    timestamp: datetime
    state: State
    gaps: list[Gap] = Field(default_factory=list)


class HistoryPage(BaseModel):
    """Newest first."""

    data: list[Moment]
    pagination: HistoryPagination
    next_cursor: str | None
    total: int
