import os
from pathlib import Path

from fastapi import FastAPI
from services.backtesting.tests.gated import VARIABLE, Gate, GatedEngine

from aviary_backtesting.worker import app as worker


def create() -> FastAPI:
    return worker.create(GatedEngine(Gate(Path(os.environ[VARIABLE]))))
