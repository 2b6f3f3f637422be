"""What ``/bot-orchestration/bot-runs`` answers."""

from datetime import datetime
from typing import Any, Self

import orjson
from pydantic import BaseModel

from aviary_orchestration.runs.store import Run


class RunOut(BaseModel):
    """``deployment_config`` and ``final_status`` are JSON text, as the reference has them."""

    id: int
    bot_name: str
    instance_name: str
    deployed_at: datetime
    stopped_at: datetime | None
    strategy_type: str
    strategy_name: str
    config_name: str | None
    account_name: str
    image_version: str | None
    deployment_status: str
    run_status: str
    desired: str
    deployment_config: str | None
    final_status: str | None
    error_message: str | None

    @classmethod
    def of(cls, run: Run) -> Self:
        return cls(
            id=run.id,
            bot_name=run.bot_name,
            instance_name=run.bot_name,
            deployed_at=run.deployed_at,
            stopped_at=run.stopped_at,
            strategy_type=run.strategy_type,
            strategy_name=run.strategy_name,
            config_name=run.config_name,
            account_name=run.account_name,
            image_version=run.image_version,
            deployment_status=run.deployment_status,
            run_status=run.run_status,
            desired=run.desired,
            deployment_config=_text(run.deployment_config),
            final_status=_text(run.final_status),
            error_message=run.error_message,
        )


class RunAnswer(BaseModel):
    status: str = "success"
    data: RunOut


class RunsAnswer(BaseModel):
    """``total`` counts all that match, not only this page."""

    status: str = "success"
    data: list[RunOut]
    total: int
    limit: int
    offset: int


class RunCounts(BaseModel):
    total_runs: int
    active_runs: int
    strategy_type_counts: dict[str, int]
    status_counts: dict[str, int]


class RunCountsAnswer(BaseModel):
    status: str = "success"
    data: RunCounts


class RunRemoved(BaseModel):
    status: str = "success"
    message: str
    bot_name: str
    archived_folder_deleted: bool


def _text(document: dict[str, Any] | None) -> str | None:
    return None if document is None else orjson.dumps(document).decode()
