"""What a diagnosis answers."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel


class ContainerState(BaseModel):
    """As Docker has it; ``exit_code`` counts when it has ended."""

    status: str
    exit_code: int | None
    out_of_memory: bool
    restarts: int
    started_at: str | None
    finished_at: str | None
    error: str | None


class ErrorLine(BaseModel):
    at: datetime
    logger_name: str
    msg: str


class Refusal(BaseModel):
    """What the venue, or the bot before asking it, refused last."""

    at: datetime
    type: str
    data: dict[str, Any]


class Difference(BaseModel):
    """Keys whose values in the bot's own config are not those of the stored one."""

    config: str
    changed: dict[str, "Pair"]


class Pair(BaseModel):
    stored: Any
    bot: Any


class Diagnosis(BaseModel):
    """``findings`` says in sentences what stands out."""

    bot_name: str
    desired: str
    run_status: str
    deployment_status: str
    error_message: str | None
    findings: list[str]
    problems: list[dict[str, Any]]
    container: ContainerState | None
    last_heard_s_ago: float | None
    last_lines: list[str]
    last_error: ErrorLine | None
    last_refusal: Refusal | None
    config_differences: list[Difference]
    archiving: dict[str, Any] | None
