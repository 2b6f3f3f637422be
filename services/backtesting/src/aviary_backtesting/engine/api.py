"""``/backtesting/controllers``: what can be backtested."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel

from aviary_backtesting.engine.port import Engine

router = APIRouter(prefix="/backtesting", tags=["Backtesting"])


class BacktestControllerOut(BaseModel):
    """``config_schema`` is a JSON schema; ``template`` tells each field and what it is when nobody says."""

    controller_name: str
    controller_type: str
    template: dict[str, Any]
    config_schema: dict[str, Any]


async def engine_of(request: Request) -> Engine:
    engine: Engine = request.app.state.engine
    return engine


@router.get("/controllers", operation_id="list_backtest_controllers")
async def list_controllers(engine: Annotated[Engine, Depends(engine_of)]) -> list[BacktestControllerOut]:
    """The controllers that a backtest may name."""
    return [
        BacktestControllerOut(
            controller_name=each.name,
            controller_type=each.type,
            template=dict(each.template),
            config_schema=dict(each.schema),
        )
        for each in await asyncio.to_thread(engine.controllers)
    ]
