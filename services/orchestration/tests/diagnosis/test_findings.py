"""Facts as sentences, the weightiest first."""

from datetime import UTC, datetime
from typing import Any

import pytest

from aviary_orchestration.diagnosis.findings import findings
from aviary_orchestration.diagnosis.schemas import ContainerState, Diagnosis, Difference, ErrorLine, Pair, Refusal

NOW = datetime(2026, 1, 1, tzinfo=UTC)
FINE: dict[str, Any] = {
    "status": "running",
    "exit_code": None,
    "out_of_memory": False,
    "restarts": 0,
    "started_at": None,
    "finished_at": None,
    "error": None,
}


def diagnosis(container: ContainerState | None, **found: Any) -> Diagnosis:
    nothing: dict[str, Any] = {
        "bot_name": "bot",
        "desired": "running",
        "run_status": "RUNNING",
        "deployment_status": "DEPLOYED",
        "error_message": None,
        "findings": [],
        "problems": [],
        "last_heard_s_ago": None,
        "last_lines": [],
        "last_error": None,
        "last_refusal": None,
        "config_differences": [],
        "archiving": None,
    }
    return Diagnosis(container=container, **nothing | found)


def state(**changes: Any) -> ContainerState:
    return ContainerState(**FINE | changes)


@pytest.mark.parametrize(
    ("container", "sentence"),
    [
        (state(), "Nothing stands out."),
        (None, "There is no container to look at."),
        (state(out_of_memory=True), "It used more memory than it may: raise AVIARY_BOT_MEMORY_MB."),
        (state(exit_code=0), "Nothing stands out."),
        (state(exit_code=3), "Its container ended with exit code 3."),
        (state(exit_code=137), "Its container ended with exit code 137: it was killed."),
        (state(restarts=2), "Docker has started it again 2 times."),
        (state(error="no such file"), "Docker says: no such file"),
    ],
)
def test_the_container(container: ContainerState | None, sentence: str) -> None:
    assert findings(diagnosis(container)) == [sentence]


def test_what_weighs_most_comes_first() -> None:
    found = diagnosis(
        state(exit_code=137, out_of_memory=True),
        problems=[{"kind": "ended", "detail": "It should run."}],
        last_refusal=Refusal(at=NOW, type="OrderFailure", data={"reason": "no funds"}),
        last_error=ErrorLine(at=NOW, logger_name="bot", msg="broken"),
        archiving={"state": "running", "steps": {}, "error": "nats is away", "began_at": NOW.isoformat()},
        config_differences=[Difference(config="one", changed={"a": Pair(stored=1, bot=2)})],
    )
    starts = ("It used more memory", "Its container ended", "ended: It should", "The last order", "Its last error")
    later = ("Stopping and archiving is held up: nats is away", "Its config one is not the stored one in a.")
    for sentence, start in zip(findings(found), [*starts, *later], strict=True):
        assert sentence.startswith(start)
