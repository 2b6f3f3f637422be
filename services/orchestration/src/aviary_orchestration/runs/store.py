"""The queries on runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict, Unpack

from sqlalchemy import ColumnElement, Row, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from aviary_orchestration.runs.states import ACTIVE, DeploymentStatus, Desired, RunStatus
from aviary_orchestration.runs.tables import bot_run

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Run:
    """``bot_name`` is the unique name, ``asked_name`` what the user called it."""

    id: int
    bot_name: str
    asked_name: str
    deployed_at: datetime
    stopped_at: datetime | None
    strategy_type: str
    strategy_name: str
    config_name: str | None
    account_name: str
    image_version: str | None
    desired: Desired
    deployment_status: DeploymentStatus
    run_status: RunStatus
    deployment_config: Json
    final_status: Json | None
    error_message: str | None

    @property
    def is_deployed(self) -> bool:
        return self.deployment_status is DeploymentStatus.DEPLOYED


@dataclass(frozen=True)
class NewRun:
    bot_name: str
    asked_name: str
    strategy_type: str
    strategy_name: str
    config_name: str | None
    account_name: str
    image_version: str
    deployment_config: Json


@dataclass(frozen=True)
class Filter:
    """What is ``None`` does not matter; names and states are compared without case."""

    bot_name: str | None = None
    account_name: str | None = None
    strategy_type: str | None = None
    strategy_name: str | None = None
    run_status: str | None = None
    deployment_status: str | None = None
    accounts: Sequence[str] | None = None
    """Those that the caller is held to."""

    def conditions(self) -> list[ColumnElement[bool]]:
        """A bot is meant by its unique name and by the name it was asked for."""
        same = [
            func.lower(bot_run.c[name]) == value.lower()
            for name in ("account_name", "strategy_type", "strategy_name", "run_status", "deployment_status")
            if (value := getattr(self, name)) is not None
        ]
        if self.accounts is not None:
            same.append(bot_run.c.account_name.in_(self.accounts))
        if self.bot_name is not None:
            wanted = self.bot_name.lower()
            same.append((func.lower(bot_run.c.bot_name) == wanted) | (func.lower(bot_run.c.asked_name) == wanted))
        return same


class Change(TypedDict, total=False):
    stopped_at: datetime | None
    desired: Desired
    deployment_status: DeploymentStatus
    run_status: RunStatus
    final_status: Json | None
    error_message: str | None


async def add(connection: AsyncConnection, new: NewRun) -> Run:
    """With the intent to run, before anything is done."""
    values = {
        "bot_name": new.bot_name,
        "asked_name": new.asked_name,
        "strategy_type": new.strategy_type,
        "strategy_name": new.strategy_name,
        "config_name": new.config_name,
        "account_name": new.account_name,
        "image_version": new.image_version,
        "deployment_config": new.deployment_config,
        "desired": Desired.RUNNING,
        "deployment_status": DeploymentStatus.DEPLOYING,
        "run_status": RunStatus.CREATED,
    }
    return _run((await connection.execute(insert(bot_run).values(values).returning(*bot_run.c))).one())


async def find(connection: AsyncConnection, bot_name: str) -> Run | None:
    row = (await connection.execute(select(*bot_run.c).where(bot_run.c.bot_name == bot_name))).one_or_none()
    return None if row is None else _run(row)


async def locked(connection: AsyncConnection, bot_name: str) -> Run | None:
    """Until the transaction ends nobody else changes it."""
    query = select(*bot_run.c).where(bot_run.c.bot_name == bot_name).with_for_update()
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else _run(row)


async def get(connection: AsyncConnection, run_id: int) -> Run | None:
    row = (await connection.execute(select(*bot_run.c).where(bot_run.c.id == run_id))).one_or_none()
    return None if row is None else _run(row)


async def unarchived(connection: AsyncConnection) -> list[Run]:
    """What should have a container, or is about to get one."""
    there = (DeploymentStatus.DEPLOYING, DeploymentStatus.DEPLOYED)
    rows = await connection.execute(select(*bot_run.c).where(bot_run.c.deployment_status.in_(there)))
    return [_run(row) for row in rows]


async def lock_name(connection: AsyncConnection, asked_name: str) -> None:
    """Until the transaction ends nobody else deploys under this name."""
    key = func.hashtextextended(f"bot_run/{asked_name}", 0)
    await connection.execute(select(func.pg_advisory_xact_lock(key)))


async def twins(connection: AsyncConnection, asked_name: str) -> list[Run]:
    """Runs of the same name that are active."""
    query = select(*bot_run.c).where(
        bot_run.c.asked_name == asked_name,
        bot_run.c.run_status.in_(ACTIVE),
        bot_run.c.deployment_status.in_((DeploymentStatus.DEPLOYING, DeploymentStatus.DEPLOYED)),
    )
    return [_run(row) for row in await connection.execute(query)]


async def change(connection: AsyncConnection, run_id: int, **values: Unpack[Change]) -> Run:
    query = update(bot_run).where(bot_run.c.id == run_id).values(**values).returning(*bot_run.c)
    return _run((await connection.execute(query)).one())


async def page(connection: AsyncConnection, wanted: Filter, limit: int, offset: int) -> tuple[list[Run], int]:
    """Newest first, and how many there are in all."""
    conditions = wanted.conditions()
    total = await connection.scalar(select(func.count()).select_from(bot_run).where(*conditions)) or 0
    query = select(*bot_run.c).where(*conditions).order_by(bot_run.c.id.desc()).limit(limit).offset(offset)
    return [_run(row) for row in await connection.execute(query)], total


async def remove(connection: AsyncConnection, run_id: int) -> None:
    await connection.execute(delete(bot_run).where(bot_run.c.id == run_id))


async def remove_named(connection: AsyncConnection, bot_name: str) -> int:
    """How many there were."""
    removed = await connection.execute(delete(bot_run).where(bot_run.c.bot_name == bot_name))
    return removed.rowcount


async def counts(connection: AsyncConnection) -> Sequence[Row[Any]]:
    """By ``strategy_type``, ``run_status``, ``deployment_status``."""
    columns = (bot_run.c.strategy_type, bot_run.c.run_status, bot_run.c.deployment_status)
    return (await connection.execute(select(*columns, func.count().label("runs")).group_by(*columns))).all()


def _run(row: Row[Any]) -> Run:
    values = row._asdict()
    for name, kind in (("desired", Desired), ("deployment_status", DeploymentStatus), ("run_status", RunStatus)):
        values[name] = kind(values[name])
    return Run(**values)
