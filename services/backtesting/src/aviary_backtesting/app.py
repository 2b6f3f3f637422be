"""What the backtesting service is made of."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from aviary_backtesting.settings import BacktestingSettings
from aviary_backtesting.to_come import TO_COME
from aviary_common.runtime import Runtime
from aviary_common.service import Service


def create() -> FastAPI:
    service = Service(BacktestingSettings, title="Aviary backtesting")

    @asynccontextmanager
    async def run(_app: FastAPI, _runtime: Runtime) -> AsyncIterator[None]:
        yield

    return service.app(run, TO_COME)
