"""One trace from the edge to the venue and on through the event, told to a real OTLP receiver."""

import gzip
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
import uvicorn
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from aviary_local.ports import free_ports
from aviary_testing.waiting import eventually
from tests.e2e.trader import new_trader
from tests.stack import Stack, running_stack

pytestmark = pytest.mark.e2e


@dataclass(frozen=True)
class Span:
    trace: str
    id: str
    parent: str
    service: str
    name: str
    attributes: dict[str, str]


@dataclass
class Receiver:
    port: int
    spans: list[Span] = field(default_factory=list)

    def take(self, body: bytes) -> None:
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            service = _attributes(resource.resource)["service.name"]
            for scope in resource.scope_spans:
                self.spans.extend(
                    Span(
                        each.trace_id.hex(),
                        each.span_id.hex(),
                        each.parent_span_id.hex(),
                        service,
                        each.name,
                        _attributes(each),
                    )
                    for each in scope.spans
                )

    def of_trace(self, trace: str) -> list[Span]:
        return [span for span in list(self.spans) if span.trace == trace]


def _attributes(of: Any) -> dict[str, str]:
    return {each.key: each.value.string_value for each in of.attributes}


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver(free_ports(1)[0])

    async def take(request: Request) -> Response:
        body = await request.body()
        receiver.take(gzip.decompress(body) if request.headers.get("content-encoding") == "gzip" else body)
        return Response()

    app = Starlette(routes=[Route("/v1/traces", take, methods=["POST"])])
    server = uvicorn.Server(uvicorn.Config(app, port=receiver.port, log_config=None))
    serving = threading.Thread(target=server.run)
    serving.start()
    try:
        yield receiver
    finally:
        server.should_exit = True
        serving.join()


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with receiving() as running:
        yield running


@pytest.fixture(scope="module")
def traced(tmp_path_factory: pytest.TempPathFactory, receiver: Receiver) -> Iterator[Stack]:
    settings = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{receiver.port}",
        "OTEL_BSP_SCHEDULE_DELAY": "200",
    }
    with running_stack(tmp_path_factory.mktemp("traced"), settings=settings) as running:
        yield running


async def test_one_trace_spans_an_order_from_the_edge_to_the_venue_and_its_event(
    traced: Stack, receiver: Receiver
) -> None:
    async with (
        httpx.AsyncClient(base_url=traced.url, auth=traced.login, timeout=30) as client,
        httpx.AsyncClient(base_url=traced.sandbox_url, timeout=10) as venue,
    ):
        trader = await new_trader(client, venue)
        order_id = f"traced-{trader.key}"
        placed = await trader.place(client_order_id=order_id, order_type="MARKET", price=None)
        assert placed.status_code == 201, placed.text
        spans = await _trace_of(order_id, receiver, _is_whole)
    by_service = {(span.service, span.name) for span in spans}
    assert ("trading", "POST /trading/orders") in by_service
    assert ("market-data", "answer rpc.market-data.prices") in by_service
    assert ("trading", "call sandbox") in by_service
    assert ("trading", "publish aviary.trading.order.accepted") in by_service
    assert _has_one_root(spans, service="edge")
    (request,) = [span for span in spans if span.name == "POST /trading/orders"]
    assert request.attributes["aviary.client_order_id"] == order_id
    line = next(line for line in traced.logs("trading").splitlines() if order_id in line and '"request"' in line)
    assert f'"trace_id":"{request.trace}"' in line


async def test_a_question_about_credentials_is_a_part_of_the_trace(traced: Stack, receiver: Receiver) -> None:
    """A replica opens an account's exchange once; portfolios ask trading each time."""
    async with (
        httpx.AsyncClient(base_url=traced.url, auth=traced.login, timeout=30) as client,
        httpx.AsyncClient(base_url=traced.sandbox_url, timeout=10) as venue,
    ):
        trader = await new_trader(client, venue)
        trace, parent = f"{time.time_ns():032x}", "00f067aa0ba902b7"
        wanted = {"account_names": [trader.account], "refresh": True}
        headers = {"traceparent": f"00-{trace}-{parent}-01"}
        (await client.post("/portfolio/state", json=wanted, headers=headers)).raise_for_status()

        def names() -> set[tuple[str, str]]:
            return {(span.service, span.name) for span in receiver.of_trace(trace)}

        await eventually(
            lambda: (
                {
                    ("accounts", "POST /portfolio/state"),
                    ("accounts", "ask rpc.trading.balances"),
                    ("trading", "answer rpc.trading.balances"),
                    ("trading", "call sandbox"),
                }
                <= names()
            )
        )


def _is_whole(spans: list[Span]) -> bool:
    return {"edge", "trading", "market-data"} <= {span.service for span in spans} and any(
        span.name == "publish aviary.trading.order.accepted" for span in spans
    )


async def _trace_of(order_id: str, receiver: Receiver, is_whole: Any) -> list[Span]:
    found: list[Span] = []

    def look() -> bool:
        nonlocal found
        traces = {span.trace for span in list(receiver.spans) if order_id in span.attributes.values()}
        found = [span for trace in traces for span in receiver.of_trace(trace)]
        return is_whole(found)

    await eventually(look)
    return found


def _has_one_root(spans: list[Span], *, service: str) -> bool:
    ids = {span.id for span in spans}
    roots = {span.service for span in spans if span.parent not in ids}
    return roots == {service} and len({span.trace for span in spans}) == 1
