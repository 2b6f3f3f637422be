"""Every endpoint of the reference and of the official client is routed, documented and closed to strangers.

``endpoints.txt`` has a method and a path per line; both slash forms mean the same.
"""

import re
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from aviary_local.topology import SERVICES

from .apps import VARIABLES

ENDPOINTS = [tuple(line.split()) for line in (Path(__file__).parent / "endpoints.txt").read_text().splitlines()]
LITERALS = {"db_path": "bots/archived/bot-1/data/bot-1.sqlite", "trading_pair": "BTC-USDT"}
"""What callers really send for a parameter; ``sample`` for others."""
METHODS = {"get", "post", "put", "delete", "patch"}


def without_names(path: str) -> str:
    return re.sub(r"{[^}]*}", "{}", path)


def filled(path: str) -> str:
    return re.sub(r"{([^}]*)}", lambda parameter: LITERALS.get(parameter[1], "sample"), path)


def owner(path: str) -> str:
    """The service that the edge sends the path to: the longest prefix wins."""
    prefixes = [(prefix, service.name) for service in SERVICES for prefix in service.prefixes]
    return max((prefix, name) for prefix, name in prefixes if f"{path}/".startswith(f"{prefix.rstrip('/')}/"))[1]


def documented(app: FastAPI) -> list[tuple[str, str]]:
    """Methods and paths of the app's OpenAPI document."""
    paths = app.openapi()["paths"]
    return [(method.upper(), path) for path, methods in paths.items() for method in METHODS & methods.keys()]


def test_the_table_has_every_endpoint_once() -> None:
    assert len(ENDPOINTS) == len({(method, without_names(path)) for method, path in ENDPOINTS}) == 213


@pytest.mark.parametrize(("method", "path"), ENDPOINTS)
def test_every_endpoint_is_documented_by_the_service_that_the_edge_sends_it_to(
    apps: dict[str, FastAPI], method: str, path: str
) -> None:
    known = {(method, without_names(path)) for method, path in documented(apps[owner(path)])}
    assert (method, without_names(path)) in known


@pytest.mark.parametrize(("method", "path"), ENDPOINTS)
async def test_every_endpoint_is_routed_with_real_values_to_its_own_route(
    apps: dict[str, FastAPI], method: str, path: str
) -> None:
    """What the route does then is not of interest: without its servers the app could not do it."""
    scopes: list[Scope] = []

    async def watched(scope: Scope, receive: Receive, send: Send) -> None:
        scopes.append(scope)
        await apps[owner(path)](scope, receive, send)

    transport = httpx.ASGITransport(watched, raise_app_exceptions=False)
    login = (VARIABLES["AVIARY_USERNAME"], VARIABLES["AVIARY_PASSWORD"])
    async with httpx.AsyncClient(transport=transport, base_url="http://aviary", auth=login) as client:
        for form in (filled(path), f"{filled(path)}/"):
            await client.request(method, form)
    for scope in scopes:
        assert without_names(scope["route"].path) == without_names(path)


async def test_no_endpoint_but_the_front_page_answers_without_a_login(apps: dict[str, FastAPI]) -> None:
    opened = []
    for name, app in apps.items():
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://aviary") as client:
            for method, path in documented(app):
                answer = await client.request(method, filled(path))
                if answer.status_code != 401 or answer.headers["www-authenticate"] != "Basic":
                    opened.append((name, method, path))
    assert opened == [("portal", "GET", "/")]


def test_no_two_services_document_the_same_endpoint(apps: dict[str, FastAPI]) -> None:
    everything = [(method, without_names(path)) for app in apps.values() for method, path in documented(app)]
    assert sorted(everything) == sorted(set(everything))


def test_every_documented_endpoint_is_where_the_edge_sends_it(apps: dict[str, FastAPI]) -> None:
    astray = [(name, path) for name, app in apps.items() for _, path in documented(app) if owner(path) != name]
    assert astray == []
