"""Names that no other deployment has."""

from datetime import UTC, datetime
from itertools import islice

from aviary_orchestration.deployments.names import candidates


def test_the_time_is_added_and_then_a_number() -> None:
    now = datetime(2026, 1, 1, 12, 30, 5, 999_999, tzinfo=UTC)
    local = now.astimezone().strftime("%Y%m%d-%H%M%S")
    expected = [f"tide-{local}", f"tide-{local}-2", f"tide-{local}-3"]
    assert list(islice(candidates("tide", now), 3)) == expected
