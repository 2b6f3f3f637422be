"""``/bot-orchestration/{bot_name}/diagnosis``."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from aviary_common.errors import BadRequest, NotFound
from aviary_common.http.document import refusals
from aviary_orchestration.bots.names import BotName
from aviary_orchestration.diagnosis.schemas import Diagnosis
from aviary_orchestration.diagnosis.service import Diagnoses

router = APIRouter(prefix="/bot-orchestration", tags=["Bot orchestration"])


async def diagnoses_of(request: Request) -> Diagnoses:
    diagnoses: Diagnoses = request.app.state.diagnoses
    return diagnoses


@router.get("/{bot_name}/diagnosis", operation_id="diagnose_bot", responses=refusals(BadRequest, NotFound))
async def diagnose(bot_name: BotName, diagnoses: Annotated[Diagnoses, Depends(diagnoses_of)]) -> Diagnosis:
    """Why it is not doing what it should."""
    return await diagnoses.of(bot_name)
