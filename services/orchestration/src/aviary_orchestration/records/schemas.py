"""What the routes on records answer."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy import Row


class SampleOut(BaseModel):
    timestamp: datetime
    bot_name: str
    controller_id: str
    status: str
    performance: dict[str, Any]
    custom_info: dict[str, Any]

    @classmethod
    def of(cls, row: Row[Any]) -> "SampleOut":
        return cls(
            timestamp=row.at,
            bot_name=row.bot_name,
            controller_id=row.controller_id,
            status=row.status,
            performance=row.performance,
            custom_info=row.custom_info,
        )


class SamplesAnswer(BaseModel):
    status: str = "success"
    data: list[SampleOut]


class SamplePages(BaseModel):
    limit: int
    has_more: bool
    next_cursor: str | None
    interval: str
    total_count: int


class SamplePageAnswer(SamplesAnswer):
    pagination: SamplePages
    next_cursor: str | None
    total: int


class LineOut(BaseModel):
    """``timestamp`` by the bot's clock."""

    timestamp: datetime
    level_no: int
    level_name: str
    logger_name: str
    msg: str

    @classmethod
    def of(cls, row: Row[Any]) -> "LineOut":
        return cls(
            timestamp=row.at,
            level_no=row.level_no,
            level_name=row.level_name,
            logger_name=row.logger_name,
            msg=row.msg,
        )


class EventOut(BaseModel):
    at: datetime
    type: str
    data: dict[str, Any]


class EventsAnswer(BaseModel):
    status: str = "success"
    data: list[EventOut]
