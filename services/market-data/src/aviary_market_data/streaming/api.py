"""``/ws/market-data`` and ``/market-data/stream``."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse
from starlette.websockets import WebSocket

from aviary_common.errors import BadRequest, NotFound
from aviary_common.http.document import in_forms, refusals
from aviary_market_data.streaming.socket import Reader
from aviary_market_data.streaming.source import StreamSource, parse
from aviary_market_data.streaming.sse import events

router = APIRouter(tags=["Market data"])

PAIRS_MAX = 50


async def source_of(request: Request) -> StreamSource:
    source: StreamSource = request.app.state.stream_source
    return source


@router.websocket("/ws/market-data")
async def market_data_socket(websocket: WebSocket) -> None:
    await websocket.accept()
    source: StreamSource = websocket.app.state.stream_source
    await Reader(websocket, source).serve()


@router.get(
    "/market-data/stream",
    operation_id="stream_market_data",
    responses=in_forms(["text/event-stream"], "Events until the caller leaves") | refusals(BadRequest, NotFound),
    response_class=StreamingResponse,
)
async def stream(
    source: Annotated[StreamSource, Depends(source_of)],
    connector: Annotated[str, Query()],
    trading_pair: Annotated[list[str], Query(max_length=PAIRS_MAX, description="Repeat it, or separate by commas.")],
    type: Annotated[Literal["order_book", "trades", "candles"], Query()] = "order_book",  # noqa: A002
    interval: str = "1m",
    depth: Annotated[int, Query(ge=1, le=500)] = 10,
    max_records: Annotated[int, Query(ge=1, le=5000)] = 100,
    update_interval: float = 1.0,
) -> StreamingResponse:
    """Server-sent events for browsers and curl; each has the form of the WebSocket's messages."""
    pairs = [pair for text in trading_pair for pair in text.split(",") if pair.strip()]
    wanted = [
        parse(
            {
                "type": type,
                "connector": connector,
                "trading_pair": pair.strip(),
                "interval": interval,
                "depth": depth,
                "max_records": max_records,
                "update_interval": update_interval,
            }
        )
        for pair in pairs
    ]
    told = [await source.subscribe(each) for each in wanted]
    return StreamingResponse(
        events(source, told, update_interval),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )
