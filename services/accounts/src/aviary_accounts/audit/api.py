"""``/audit``."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from aviary_accounts.audit.schemas import AuditEntryOut, AuditFilter, AuditVerification
from aviary_accounts.audit.service import AuditLog
from aviary_accounts.audit.store import link_of
from aviary_common.pagination import Page

router = APIRouter(prefix="/audit", tags=["Audit"])


async def audit_of(request: Request) -> AuditLog:
    audit: AuditLog = request.app.state.audit_log
    return audit


AuditDep = Annotated[AuditLog, Depends(audit_of)]


@router.get("", operation_id="list_audit_entries")
async def list_entries(audit: AuditDep, wanted: Annotated[AuditFilter, Query()]) -> Page[AuditEntryOut]:
    """Every call that changed something, or was refused to somebody who was logged in; newest first."""
    return (await audit.page(wanted)).page(lambda row: AuditEntryOut.of(link_of(row)))


@router.get("/verification", operation_id="verify_audit")
async def verify(audit: AuditDep) -> AuditVerification:
    """Whether every entry is there and as it was written."""
    return await audit.verify()
