"""OpenTelemetry traces, where ``OTEL_EXPORTER_OTLP_ENDPOINT`` says where to. Elsewhere its SDK is not imported, and
a span costs a function call.

A trace begins with a request and goes on in questions and events, whose headers carry it; background work that no
request has begun leaves none.
"""

import os
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from aviary_common.otel import Tracer

Kind = Literal["internal", "server", "client", "producer", "consumer"]
Attributes = Mapping[str, str | int | float | bool]

PARENT_HEADER: Final = "traceparent"
ENDPOINTS: Final = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
_NOTHING: Final[AbstractContextManager[None]] = nullcontext()
_tracer: "Tracer | None" = None


def is_wanted() -> bool:
    is_off = os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true"
    return not is_off and any(os.environ.get(name) for name in ENDPOINTS)


def configure(service: str, instance: str) -> None:
    """Once, when the process starts."""
    global _tracer
    if is_wanted():
        from aviary_common.otel import Tracer

        _tracer = Tracer(service, instance)


def close() -> None:
    """Send what is still here. It waits for the collector: call it from a thread."""
    global _tracer
    if _tracer is not None:
        _tracer.close()
        _tracer = None


def root(
    name: str, kind: Kind, parent: str | None, attributes: Attributes | None = None
) -> AbstractContextManager[None]:
    """A span that goes on with the trace of ``parent`` (a W3C traceparent), or begins one."""
    return _NOTHING if _tracer is None else _tracer.root(name, kind, parent, attributes or {})


def span(name: str, kind: Kind = "internal", attributes: Attributes | None = None) -> AbstractContextManager[None]:
    """A part of the current trace; outside of one there is none. An exception that passes is noted."""
    return _NOTHING if _tracer is None else _tracer.child(name, kind, attributes or {})


def note(attributes: Attributes, *, name: str | None = None, failed: bool = False) -> None:
    """Tell more of the current span: what it is called, that it failed, what it is about."""
    if _tracer is not None:
        _tracer.note(attributes, name, failed=failed)


def parent() -> str | None:
    """The traceparent of the current span, to be carried along."""
    return None if _tracer is None else _tracer.parent()


def carried() -> Mapping[str, str]:
    """For the headers of a message."""
    current = parent()
    return {} if current is None else {PARENT_HEADER: current}


def trace_id() -> str | None:
    return None if _tracer is None else _tracer.trace_id()
