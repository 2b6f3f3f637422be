"""How Schemathesis goes over the merged document: what it sends, what it checks, and what it leaves out, with reasons.

``EXAMPLES=50`` sends more than a test run has time for; ``make schemathesis`` does. What is sent follows from the seed.
"""

import json
import os
from typing import Any, Final

from schemathesis import Case, CheckContext, Config, Response, openapi
from schemathesis.core.failures import AcceptedNegativeData
from schemathesis.generation.meta import TestPhase
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.contract.openapi import PATH
from tests.e2e.lenient import Bodies

SEED: Final = 8
EXAMPLES: Final = int(os.environ.get("EXAMPLES", "0"))

LEFT_OUT: Final = {
    "stream_market_data": "never ends; test_streaming.py reads it",
    "follow_container_logs": "never ends; without an engine it is refused as get_container_logs is",
}
LACKING: Final = {
    "docker_away": "a test that may do anything must not have the user's engine",
    "node_unreachable": "Gateway's stand-in has a node of Ethereum only",
    "look_up_failed": "Gateway looks tokens and pools up on the internet",
    "venue_unavailable": "venues are on the internet, all but the sandbox",
}
"""Codes of the parts that this stack is run without: with them 503 is right."""

DOCUMENT: Final[dict[str, Any]] = json.loads(PATH.read_text())
BODIES: Final = Bodies(DOCUMENT)


def nothing_breaks(_ctx: CheckContext, response: Response, case: Case) -> None:
    """501 is for what is to come, 503 for what this stack lacks."""
    if response.status_code < 500 or response.status_code == 501:
        return
    code = response.json().get("code") if response.status_code == 503 else None
    assert code in LACKING, f"{case.operation.label} answered {response.status_code}: {response.text}"


def what_breaks_the_schema_is_refused(ctx: CheckContext, response: Response, case: Case) -> None:
    try:
        negative_data_rejection(ctx, response, case)
    except AcceptedNegativeData:
        if not BODIES.reads(case.method, case.path, case.body):
            raise


def an_example_is_taken(_ctx: CheckContext, response: Response, case: Case) -> None:
    """What it names may be missing here, but its form is right."""
    if case.meta is not None and case.meta.phase.name is TestPhase.EXAMPLES:
        assert response.status_code != 422, f"{case.operation.label} refused its own example: {response.text}"


CHECKS: Final = [
    an_example_is_taken,
    nothing_breaks,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    what_breaks_the_schema_is_refused,
]
SETTINGS: Final = {
    "seed": SEED,
    "generation": {"deterministic": True, "with-security-parameters": False, "max-examples": max(EXAMPLES, 1)},
    "phases": {
        "examples": {"enabled": True},
        "coverage": {"enabled": True, "unexpected-methods": []},
        "fuzzing": {"enabled": EXAMPLES > 0},
        "stateful": {"enabled": False},
    },
}
OPERATIONS: Final = openapi.from_dict(DOCUMENT, config=Config.from_dict(SETTINGS)).exclude(operation_id=list(LEFT_OUT))
