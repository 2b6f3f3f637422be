"""What is told of bots' status, for the API's document: the answers themselves are written as JSON at once."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel


class ProblemOut(BaseModel):
    kind: str
    detail: str
    since: datetime


class BotStatusOut(BaseModel):
    """``performance`` is by controller; ``desired`` and ``run_status`` are null for a bot that was not deployed here,
    ``message`` stands there for one that is being archived."""

    status: str
    performance: dict[str, Any]
    error_logs: list[Any]
    general_logs: list[Any]
    recently_active: bool
    source: Literal["docker", "mqtt"]
    container_status: str | None
    desired: str | None
    run_status: str | None
    problems: list[ProblemOut]
    message: str | None = None


class BotStatusAnswer(BaseModel):
    status: Literal["success"]
    data: BotStatusOut


class BotStatusesAnswer(BaseModel):
    """By bot."""

    status: Literal["success"]
    data: dict[str, BotStatusOut]


class BrokerOut(BaseModel):
    mqtt_connected: bool
    discovered_bots: list[str]
    active_bots: list[str]
    broker_host: str
    broker_port: int
    broker_username: str
    client_state: Literal["connected", "disconnected"]


class BrokerAnswer(BaseModel):
    status: Literal["success"]
    data: BrokerOut
