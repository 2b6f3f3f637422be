"""What starting and stopping takes and answers."""

from typing import Any

from pydantic import BaseModel, Field

from aviary_common.models import Name, Tolerant, aliases
from aviary_orchestration.lifecycle.service import Outcome


class StartBot(Tolerant):
    """``config_params`` are written into the bot's own script config before it starts."""

    bot_name: Name = aliases("bot_name", "instance_name")
    log_level: str | None = Field(default=None, max_length=16)
    script: str | None = Field(default=None, max_length=128)
    conf: str | None = Field(default=None, max_length=128)
    is_quickstart: bool = False
    async_backend: bool = False
    config_params: dict[str, Any] | None = None


class StopBot(Tolerant):
    bot_name: Name = aliases("bot_name", "instance_name")
    skip_order_cancellation: bool = False
    async_backend: bool = False


class Done(BaseModel):
    success: bool = True
    message: str
    by: str


class DoneAnswer(BaseModel):
    status: str = "success"
    response: Done

    @classmethod
    def of(cls, outcome: Outcome) -> "DoneAnswer":
        return cls(response=Done(message=outcome.message, by=outcome.by))
