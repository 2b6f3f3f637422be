"""The official client's methods: all are tested, all lead somewhere, and the page tells it."""

import re
from pathlib import Path

from . import client_table
from .client_table import LATER, NEVER, PROVEN_BY, documented, form, methods, routers

E2E = Path(__file__).parents[1] / "e2e"


def test_the_page_is_up_to_date() -> None:
    assert client_table.PAGE.read_text() == client_table.page(), "run `make client-table` and review the difference"


def test_every_router_is_proven_or_said_to_come_later() -> None:
    assert PROVEN_BY.keys() | LATER == routers().keys()


def test_every_method_is_called_by_the_tests_that_are_said_to_prove_it() -> None:
    """That the call was answered is asserted there."""
    sources = {
        router: "".join((E2E / f"{name}.py").read_text() for name in names) for router, names in PROVEN_BY.items()
    }
    unnamed = [
        (each.router, each.name)
        for each in methods()
        if each.result != "later release" and not re.search(rf"\.{each.name}\b", sources[each.router])
    ]
    assert unnamed == []


def test_every_call_leads_to_a_documented_route_that_is_served_unless_it_is_said_to_be_missing() -> None:
    routes = documented()
    for each in methods():
        if each.router == "ws":
            continue
        assert each.calls or each.through, each
        for verb, path in each.calls:
            missing = "501" in routes[verb, form(path)]["responses"]
            assert missing == (each.router in LATER or each.name in NEVER), (each.router, each.name)
