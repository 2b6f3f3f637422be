"""What a controller asks of executors."""

from typing import Any

from pydantic import BaseModel, SerializeAsAny

from aviary_strategies.user_code.reference.executor_configs import ExecutorConfigBase


class ExecutorAction(BaseModel):
    controller_id: str | None = "main"


class CreateExecutorAction(ExecutorAction):
    executor_config: SerializeAsAny[ExecutorConfigBase]


class StopExecutorAction(ExecutorAction):
    executor_id: str
    keep_position: bool | None = False


class StoreExecutorAction(ExecutorAction):
    """Live, what has ended is written down; here all of it is."""

    executor_id: str


Asked = list[Any] | tuple[Any, ...] | None
