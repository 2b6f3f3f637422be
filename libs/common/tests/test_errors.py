import pytest

from aviary_common.errors import (
    AviaryError,
    Conflict,
    NotFound,
    TooManyRequests,
    Unavailable,
    UpstreamFailed,
    from_wire,
)


@pytest.mark.parametrize(
    "error",
    [
        NotFound("no such order", code="unknown_order"),
        Conflict("taken"),
        Unavailable("sandbox", "sandbox is not available", code="venue_unavailable"),
        TooManyRequests("later", retry_after_s=5),
        UpstreamFailed("it broke", code="node_unreachable"),
    ],
)
def test_an_error_that_crossed_the_bus_is_the_same_error(error: AviaryError) -> None:
    there = from_wire(error.status, error.detail, error.code)
    assert type(there) is type(error)
    assert (there.detail, there.code) == (error.detail, error.code)


def test_a_down_component_is_named_when_nothing_else_is_said() -> None:
    assert "database" in Unavailable("database").detail


def test_an_unknown_status_is_an_internal_error() -> None:
    assert from_wire(599, "odd", "odd").status == 500
