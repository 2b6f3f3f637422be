"""What is where, what is public, and what is not to be seen from outside."""

import json
import re
from collections.abc import Iterator
from functools import partial

import httpx
import pytest

from aviary_local.topology import GATEWAY_PROXY
from aviary_testing.waiting import eventually
from tests.e2e.refusals import refused
from tests.e2e.trader import CONNECTOR, PAIR, Json, Trader
from tests.stack import Stack

pytestmark = pytest.mark.e2e

PUBLIC = {"/"}
METHODS = ("get", "post", "put", "patch", "delete")
WITHOUT_DOCKER = ("/docker/", *(f"{prefix}/" for prefix in GATEWAY_PROXY.prefixes))
"""What is 503 where neither Docker nor a Gateway is."""


def operations(document: Json) -> Iterator[tuple[str, str, Json]]:
    """Method, path and description of everything in an OpenAPI document."""
    for path, methods in document["paths"].items():
        yield from ((method, path, methods[method]) for method in METHODS if method in methods)


def filled_in(path: str) -> str:
    return re.sub(r"{[^}]+}", "nothing-there", path)


@pytest.fixture(scope="module")
async def document(stranger: httpx.AsyncClient) -> Json:
    answer = await stranger.get("/openapi.json")
    assert answer.status_code == 200
    found: Json = answer.json()
    return found


@pytest.mark.parametrize("path", ["/", "/docs", "/redoc", "/openapi.json"])
async def test_the_front_is_public(stranger: httpx.AsyncClient, path: str) -> None:
    assert (await stranger.get(path)).status_code == 200


@pytest.mark.parametrize("path", ["/docs", "/redoc"])
async def test_the_docs_load_nothing_from_elsewhere(stranger: httpx.AsyncClient, path: str) -> None:
    page = (await stranger.get(path)).text
    loaded = re.findall(r"""(?:src|href)\s*=\s*["']([^"']+)["']""", page)
    assert [each for each in loaded if "//" in each] == []
    for each in loaded:
        if not each.startswith("data:"):
            assert (await stranger.get(each)).status_code == 200, each


@pytest.mark.parametrize(
    "path",
    [
        "/metrics",
        "/metrics/",
        "/readyz",
        "/readyz/",
        "/internal",
        "/internal/unavailable",
        "//metrics",
        "/./metrics",
        "/trading/../metrics",
        "/trading/%2e%2e/readyz",
        "/trading/metrics",
        "/accounts/../internal/unavailable",
    ],
)
async def test_the_inside_is_not_reachable(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.send(client.build_request("GET", client.base_url.copy_with(raw_path=path.encode())))
    assert answer.status_code in {400, 404}, f"{answer.status_code}: {answer.text[:200]}"
    assert "aviary_http" not in answer.text
    assert "dependencies" not in answer.text


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/accountsx", "nothing at /accountsx"),
        ("/tradingorders", "nothing at /tradingorders"),
        ("/gateways", "nothing at /gateways"),
        ("/accounts/gatewayx/credentials", "no account named 'gatewayx'"),
    ],
)
async def test_a_prefix_is_whole_segments(client: httpx.AsyncClient, path: str, words: str) -> None:
    refused(await client.get(path), 404, words)


async def test_the_longer_prefix_wins(client: httpx.AsyncClient) -> None:
    refused(await client.get("/accounts/gateway/wallets"), 503)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/accounts", None),
        ("GET", "/connectors", None),
        ("POST", "/market-data/prices", {"connector_name": CONNECTOR, "trading_pairs": [PAIR]}),
        ("POST", "/trading/orders/search", {}),
        ("POST", "/portfolio/state", {}),
    ],
)
async def test_both_slash_forms_answer_without_a_redirect(
    client: httpx.AsyncClient, method: str, path: str, body: Json | None
) -> None:
    answers = [await client.request(method, each, json=body) for each in (path, f"{path}/")]
    assert [answer.status_code for answer in answers] == [200, 200]


async def test_without_a_login_everything_documented_but_the_front_is_401(
    stranger: httpx.AsyncClient, document: Json
) -> None:
    found = list(operations(document))
    assert len(found) > 100
    for method, path, _ in found:
        answer = await stranger.request(method, filled_in(path))
        if path in PUBLIC:
            assert answer.status_code == 200, path
        else:
            assert refused(answer, 401) == "unauthorized", path


async def test_with_a_login_everything_documented_is_there_or_says_not_yet(
    client: httpx.AsyncClient, document: Json
) -> None:
    for method, path, _ in operations(document):
        answer = await client.request(method, filled_in(path), json=None if method == "get" else {})
        if answer.status_code == 503:
            assert path.startswith(WITHOUT_DOCKER), f"{method} {path}: {answer.text}"
            assert "Docker does not answer" in answer.text or "Gateway does not answer" in answer.text, answer.text
            continue
        if answer.status_code == 501:
            assert answer.json()["code"] in ("not_yet", "no_pool_creation"), f"{method} {path}: {answer.text}"
            continue
        assert answer.status_code < 500, f"{method} {path}: {answer.status_code} {answer.text}"
        assert answer.headers["content-type"] == "application/json", path
        assert "There is nothing at" not in answer.text, f"{method} {path}"


async def test_every_answer_carries_a_request_id_of_its_own(client: httpx.AsyncClient) -> None:
    paths = ["/", "/accounts", "/accounts", "/no/such/thing", "/docker/running", "/accounts/nobody/credentials"]
    ids = [(await client.get(path)).headers["x-request-id"] for path in paths]
    assert len(set(ids)) == len(paths)


async def test_a_request_that_crosses_services_has_one_id_in_all_their_logs(stack: Stack, trader: Trader) -> None:
    wanted = {"account_names": [trader.account], "refresh": True}
    answer = await trader.client.post("/portfolio/state", json=wanted, headers={"X-Request-Id": "seen-everywhere"})
    assert answer.headers["x-request-id"] == "seen-everywhere"

    def is_logged(service: str) -> bool:
        lines = [line for line in stack.logs(service).splitlines() if line.startswith("{")]
        return any(json.loads(line).get("request_id") == "seen-everywhere" for line in lines)

    for service in ("accounts", "trading", "market-data"):
        await eventually(partial(is_logged, service))
