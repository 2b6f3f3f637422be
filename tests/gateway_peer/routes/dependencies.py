"""What every route is handed."""

from typing import Annotated

from fastapi import Depends, Request

from tests.gateway_peer.world import Stage, World


def _world(request: Request) -> World:
    stage: Stage = request.app.state.stage
    return stage.world


WorldDep = Annotated[World, Depends(_world)]
Answer = dict[str, object]
