"""GET /, /config and POST /restart."""

from fastapi import APIRouter, Request, Response

from tests.gateway_peer.config import CHAINS, CONNECTORS
from tests.gateway_peer.routes.dependencies import Answer, WorldDep
from tests.gateway_peer.schemas import UpdateConfig

router = APIRouter()


@router.get("/")
async def health() -> Answer:
    return {"status": "ok"}


@router.post("/restart")
async def restart(request: Request) -> Response:
    """Answers before it goes."""
    request.app.state.restart()
    return Response(status_code=200)


@router.get("/config")
async def get_config(world: WorldDep, namespace: str | None = None) -> Answer:
    if namespace:
        return dict(world.config.get(namespace))
    return {name: world.config.get(name) for name in world.config.namespaces}


@router.get("/config/chains")
async def get_chains() -> Answer:
    return {"chains": [{"chain": chain, "networks": networks} for chain, networks in CHAINS.items()]}


@router.get("/config/connectors")
async def get_connectors() -> Answer:
    return {"connectors": [each.view() for each in CONNECTORS.values()]}


@router.get("/config/namespaces")
async def get_namespaces(world: WorldDep) -> Answer:
    return {"namespaces": sorted(world.config.namespaces)}


@router.post("/config/update")
async def update(world: WorldDep, asked: UpdateConfig) -> Answer:
    return {"message": world.config.update(asked.namespace, asked.path, asked.value)}
