"""Traces to a collector that is away."""

import subprocess
import sys

CLOSED_PORT = 1
CODE = """
from aviary_common import tracing
tracing.configure("testing", "one")
with tracing.root("request", "server", None):
    print(tracing.trace_id())
tracing.close()
"""
SDK_WAITS_S = 30
"""For a collector, at the end of a process, by itself."""


def test_a_collector_that_is_away_does_not_hold_up_the_end() -> None:
    told = subprocess.run(
        [sys.executable, "-c", CODE],
        env={"OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{CLOSED_PORT}"},
        capture_output=True,
        text=True,
        check=True,
        timeout=SDK_WAITS_S - 5,
    )
    assert len(told.stdout.strip()) == 32
