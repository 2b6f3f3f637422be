"""``/gateway/swap`` and ``/gateway/swaps``."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request, Response

from aviary_common.errors import BadRequest, Conflict, NotFound
from aviary_common.http.document import refusals
from aviary_gateway_proxy.history import HistoryPage
from aviary_gateway_proxy.swaps.schemas import (
    SummaryFilter,
    SwapAsked,
    SwapExecuted,
    SwapFilter,
    SwapOut,
    SwapQuoteAsked,
    SwapQuoted,
    SwapSummary,
)
from aviary_gateway_proxy.swaps.search import SwapHistory, shown
from aviary_gateway_proxy.swaps.service import Swaps
from aviary_gateway_proxy.transactions.api import TransactionsDep, mark

router = APIRouter(prefix="/gateway", tags=["Gateway swaps"])

UNKNOWN: Final[dict[int | str, dict[str, Any]]] = {
    202: {"model": SwapExecuted, "description": "What has become of it is being found out"}
}


async def swaps_of(request: Request) -> Swaps:
    swaps: Swaps = request.app.state.swaps
    return swaps


async def history_of(request: Request) -> SwapHistory:
    history: SwapHistory = request.app.state.swap_history
    return history


SwapsDep = Annotated[Swaps, Depends(swaps_of)]
HistoryDep = Annotated[SwapHistory, Depends(history_of)]


@router.post("/swap/quote", operation_id="quote_swap", responses=refusals(NotFound))
async def quote_swap(asked: SwapAsked, swaps: SwapsDep) -> SwapQuoted:
    """What a swap would give now; ``price`` is quote per base."""
    return await swaps.quote(asked)


@router.post("/swap/execute", operation_id="execute_swap", responses=UNKNOWN | refusals(NotFound))
async def execute_swap(asked: SwapAsked, swaps: SwapsDep, response: Response) -> SwapExecuted:
    """Swap at once. Swaps of one wallet are sent one after the other."""
    return SwapExecuted.of(mark(response, await swaps.execute(asked)))


@router.post("/swap/execute-quote", operation_id="execute_swap_quote", responses=UNKNOWN | refusals(NotFound, Conflict))
async def execute_quote(asked: SwapQuoteAsked, swaps: SwapsDep, response: Response) -> SwapExecuted:
    """Swap as it was quoted."""
    return SwapExecuted.of(mark(response, await swaps.execute_quote(asked)))


@router.get("/swaps/search", operation_id="list_swaps", responses=refusals(BadRequest))
async def list_swaps(wanted: Annotated[SwapFilter, Query()], history: HistoryDep) -> HistoryPage[SwapOut]:
    """Swaps, newest first."""
    found = await history.search(wanted)
    return found.page([shown(row) for row in found.rows])


@router.post("/swaps/search", operation_id="search_swaps")
async def search_swaps(
    query: Annotated[SwapFilter, Query()], history: HistoryDep, body: SwapFilter | None = None
) -> HistoryPage[SwapOut]:
    """The same, with its filters in the query, in the body, or in both."""
    found = await history.search(query.with_body(body))
    return found.page([shown(row) for row in found.rows])


@router.get("/swaps/summary", operation_id="get_swaps_summary")
async def get_swaps_summary(wanted: Annotated[SummaryFilter, Query()], history: HistoryDep) -> SwapSummary:
    """Counts and sums."""
    return await history.summary(wanted)


@router.get("/swaps/{transaction_hash}/status", operation_id="get_swap_status", responses=refusals(NotFound))
async def get_swap_status(transaction_hash: str, transactions: TransactionsDep, history: HistoryDep) -> SwapOut:
    """A swap by its hash or our id; one that is not final is looked at now."""
    transaction = await transactions.now(transaction_hash)
    return await history.of_transaction(transaction.id)
