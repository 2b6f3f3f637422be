"""The smallest service: health, and one route that takes as long as it is told."""

import asyncio

from fastapi import FastAPI

from aviary_common.http.observe import Observe
from aviary_common.http.probes import Probes


def create() -> FastAPI:
    app, probes = FastAPI(), Probes()
    app.include_router(probes.router)
    app.add_middleware(Observe)

    @app.get("/wait")
    async def wait(seconds: float) -> str:
        await asyncio.sleep(seconds)
        return "waited"

    probes.started()
    return app
