import httpx
import pytest

from .conftest import Process


async def test_the_front_page_tells_name_and_version_to_everybody(portal: httpx.AsyncClient) -> None:
    answer = await portal.get("/", auth=None)
    assert answer.status_code == 200
    assert answer.json().keys() == {"name", "version", "status"}
    assert answer.json()["status"] == "running"


@pytest.mark.parametrize("path", ["/docs", "/docs/", "/redoc"])
async def test_the_docs_are_open_and_show_the_merged_document(portal: httpx.AsyncClient, path: str) -> None:
    answer = await portal.get(path, auth=None)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "/openapi.json" in answer.text


async def test_the_document_has_the_paths_of_all_running_services(
    portal: httpx.AsyncClient, behind: dict[str, Process]
) -> None:
    answer = await portal.get("/openapi.json", auth=None)
    assert answer.status_code == 200
    paths = answer.json()["paths"]
    expected = {"/"}
    async with httpx.AsyncClient() as client:
        for process in behind.values():
            expected |= (await client.get(f"{process.url}/openapi.json")).json()["paths"].keys()
    assert paths.keys() == expected
    assert {"/docker/running", "/gateway/status", "/backtesting/run-backtesting"} <= paths.keys()


async def test_a_service_that_is_down_leaves_the_others_in_the_document(
    portal: httpx.AsyncClient, behind: dict[str, Process]
) -> None:
    behind["backtesting"].kill()
    try:
        answer = await portal.get("/openapi.json")
        assert answer.status_code == 200
        assert "/docker/running" in answer.json()["paths"]
        assert "/backtesting/run-backtesting" not in answer.json()["paths"]
    finally:
        behind["backtesting"].start()


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "PATCH"])
async def test_another_services_path_is_503_and_names_the_service(portal: httpx.AsyncClient, method: str) -> None:
    answer = await portal.request(method, "/trading/orders", headers={"X-Aviary-Service": "trading"}, json={})
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert "trading" in answer.json()["detail"]


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_connection_that_broke_is_503_and_names_the_service(portal: httpx.AsyncClient, method: str) -> None:
    answer = await portal.request(method, "/internal/unavailable", params={"service": "accounts"}, auth=None)
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert "accounts broke off" in answer.json()["detail"]


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("path", ["/nowhere", "/no/where/"])
async def test_an_unknown_path_is_not_found_for_those_who_are_logged_in(
    portal: httpx.AsyncClient, method: str, path: str
) -> None:
    answer = await portal.request(method, path)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert path.rstrip("/") in answer.json()["detail"]


@pytest.mark.parametrize("headers", [{}, {"X-Aviary-Service": "trading"}])
async def test_strangers_learn_nothing_about_other_paths(portal: httpx.AsyncClient, headers: dict[str, str]) -> None:
    answer = await portal.get("/nowhere", auth=None, headers=headers)
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Basic")
    assert answer.json()["detail"] == "Not authenticated"
