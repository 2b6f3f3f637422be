import os
from pathlib import Path

from fastapi import FastAPI
from services.backtesting.tests.gated import VARIABLE, Gate
from services.backtesting.tests.sweeps.held import FREE, FREE_VARIABLE, ColdEngine, held

from aviary_backtesting.sweeps import job
from aviary_backtesting.worker import app as worker


def create() -> FastAPI:
    job.computed = held(Gate(Path(os.environ[VARIABLE])), job.computed, int(os.environ.get(FREE_VARIABLE, FREE)))  # type: ignore[attr-defined]
    return worker.create(ColdEngine())
