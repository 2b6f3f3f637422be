"""What starting and stopping takes and answers."""

from typing import Any

from pydantic import BaseModel, Field

from aviary_common.models import Name, Tolerant, aliases, example
from aviary_orchestration.lifecycle.service import Outcome


class StartBot(Tolerant):
    """``config_params`` are written into the bot's own script config before it starts."""

    model_config = example({"bot_name": "first-20260101-120000", "log_level": "INFO"})

    bot_name: Name = aliases("bot_name", "instance_name")
    log_level: str | None = Field(default=None, max_length=16)
    script: str | None = Field(default=None, max_length=128)
    conf: str | None = Field(default=None, max_length=128)
    is_quickstart: bool = False
    async_backend: bool = False
    config_params: dict[str, Any] | None = None


class StopBot(Tolerant):
    model_config = example({"bot_name": "first-20260101-120000", "skip_order_cancellation": False})

    bot_name: Name = aliases("bot_name", "instance_name")
    skip_order_cancellation: bool = False
    async_backend: bool = False


class BotDone(BaseModel):
    success: bool = True
    message: str
    by: str


class DoneAnswer(BaseModel):
    status: str = "success"
    response: BotDone

    @classmethod
    def of(cls, outcome: Outcome) -> "DoneAnswer":
        return cls(response=BotDone(message=outcome.message, by=outcome.by))
