"""``/system/resources`` and ``/storage``."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from aviary_orchestration.system.fresh import Fresh
from aviary_orchestration.system.schemas import Resources, Storage

router = APIRouter(tags=["System"])


async def resources_of(request: Request) -> Fresh[Resources]:
    resources: Fresh[Resources] = request.app.state.resources
    return resources


async def storage_of(request: Request) -> Fresh[Storage]:
    storage: Fresh[Storage] = request.app.state.storage
    return storage


@router.get("/system/resources", operation_id="get_system_resources")
async def get_resources(resources: Annotated[Fresh[Resources], Depends(resources_of)]) -> Resources:
    """How busy the machine is; at most a second old."""
    return await resources.get()


@router.get("/storage", operation_id="get_storage")
async def get_storage(storage: Annotated[Fresh[Storage], Depends(storage_of)]) -> Storage:
    """What archives, instances and configs take on the disk; at most ten seconds old."""
    return await storage.get()
