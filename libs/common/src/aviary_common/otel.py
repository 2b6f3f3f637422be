"""The OpenTelemetry side of ``tracing``; nobody else imports it. Samplers, headers and timeouts are set by the standard
``OTEL_*`` variables."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from aviary_common import __version__
from aviary_common.context import request_id, subjects
from aviary_common.tracing import PARENT_HEADER, Attributes, Kind

_KINDS: Final[Mapping[Kind, SpanKind]] = {
    "internal": SpanKind.INTERNAL,
    "server": SpanKind.SERVER,
    "client": SpanKind.CLIENT,
    "producer": SpanKind.PRODUCER,
    "consumer": SpanKind.CONSUMER,
}
CLOSE_WITHIN_S: Final = 2.0
_PREFIX: Final = "aviary."


class Tracer:
    def __init__(self, service: str, instance: str) -> None:
        resource = Resource.create(
            {
                "service.name": service,
                "service.namespace": "aviary",
                "service.version": __version__,
                "service.instance.id": instance,
            }
        )
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        self._tracer = self._provider.get_tracer("aviary", __version__)
        self._w3c = TraceContextTextMapPropagator()

    def close(self) -> None:
        """A collector that is away holds the end of the process up no longer than this."""
        closing = threading.Thread(target=self._provider.shutdown, daemon=True)
        closing.start()
        closing.join(CLOSE_WITHIN_S)

    @contextmanager
    def root(self, name: str, kind: Kind, parent: str | None, attributes: Attributes) -> Iterator[None]:
        context = self._w3c.extract({PARENT_HEADER: parent}, Context()) if parent else Context()
        with self._started(name, kind, attributes, context):
            yield

    @contextmanager
    def child(self, name: str, kind: Kind, attributes: Attributes) -> Iterator[None]:
        if not _current().is_recording():
            yield
            return
        with self._started(name, kind, attributes, None):
            yield

    @contextmanager
    def _started(self, name: str, kind: Kind, attributes: Attributes, context: Context | None) -> Iterator[None]:
        """What it is about may become known on the way: so it is told at the end."""
        with self._tracer.start_as_current_span(
            name, context, _KINDS[kind], dict(attributes), record_exception=False, set_status_on_exception=False
        ) as span:
            try:
                yield
            except Exception as error:
                # Its words stay in the log, where secrets are taken out.
                span.set_status(StatusCode.ERROR, type(error).__name__)
                raise
            finally:
                ids = {"request_id": request_id.get(), **subjects()}
                span.set_attributes({_PREFIX + key: value for key, value in ids.items() if value != "-"})

    def note(self, attributes: Attributes, name: str | None, *, failed: bool) -> None:
        span = _current()
        if name is not None:
            span.update_name(name)
        span.set_attributes(attributes)
        if failed:
            span.set_status(StatusCode.ERROR)

    def parent(self) -> str | None:
        carrier: dict[str, str] = {}
        self._w3c.inject(carrier)
        return carrier.get(PARENT_HEADER)

    def trace_id(self) -> str | None:
        context = _current().get_span_context()
        return trace.format_trace_id(context.trace_id) if context.is_valid else None


def _current() -> Span:
    return trace.get_current_span()
