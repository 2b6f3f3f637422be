import asyncio
import secrets
from collections.abc import Callable
from typing import Any

import httpx
import pytest

Form = Callable[[str], dict[str, Any]]


@pytest.fixture(params=["body", "query"])
def form(request: pytest.FixtureRequest) -> Form:
    """The reference's way to send the name, and the official client's."""
    return lambda name: {("json" if request.param == "body" else "params"): {"account_name": name}}


@pytest.fixture(params=["", "/"], ids=["no slash", "slash"])
def slash(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def name() -> str:
    return f"acc_{secrets.token_hex(6)}"


async def test_an_account_is_added_listed_and_deleted_in_every_form(
    api: httpx.AsyncClient, form: Form, slash: str, name: str
) -> None:
    added = await api.post(f"/accounts/add-account{slash}", **form(name))
    assert (added.status_code, name in added.json()["message"]) == (201, True)
    assert name in (await api.get(f"/accounts{slash}")).json()
    assert (await api.get(f"/accounts/{name}/credentials{slash}")).json() == []
    deleted = await api.post(f"/accounts/delete-account{slash}", **form(name))
    assert (deleted.status_code, name in deleted.json()["message"]) == (200, True)
    assert name not in (await api.get(f"/accounts{slash}")).json()


async def test_the_list_starts_with_the_master_account_and_goes_from_old_to_new(api: httpx.AsyncClient) -> None:
    names = [f"acc-{letter}-{secrets.token_hex(4)}" for letter in "zam"]
    for name in names:
        await api.post("/accounts/add-account", json={"account_name": name})
    listed = (await api.get("/accounts")).json()
    assert listed[0] == "master_account"
    assert [name for name in listed if name in names] == names
    for name in names:
        await api.post("/accounts/delete-account", json={"account_name": name})


async def test_an_existing_account_is_not_added_again(api: httpx.AsyncClient, account: str, form: Form) -> None:
    answer = await api.post("/accounts/add-account", **form(account))
    assert (answer.status_code, answer.json()["code"]) == (400, "account_exists")
    assert account in answer.json()["detail"]
    assert (await api.get("/accounts")).json().count(account) == 1


async def test_of_many_adding_the_same_account_at_once_one_succeeds(api: httpx.AsyncClient, name: str) -> None:
    answers = await asyncio.gather(*(api.post("/accounts/add-account", json={"account_name": name}) for _ in range(10)))
    assert sorted(answer.status_code for answer in answers) == [201] + [400] * 9
    await api.post("/accounts/delete-account", json={"account_name": name})


@pytest.mark.parametrize("path", ["add-account", "delete-account"])
@pytest.mark.parametrize("bad", ["", "a b", "../etc", "a/b", "käse", "a" * 65, "a\nb"])
async def test_a_bad_name_is_refused_in_both_forms(api: httpx.AsyncClient, form: Form, path: str, bad: str) -> None:
    assert (await api.post(f"/accounts/{path}", **form(bad))).status_code == 422


@pytest.mark.parametrize("path", ["add-account", "delete-account"])
async def test_a_missing_name_is_refused_by_its_field(api: httpx.AsyncClient, path: str) -> None:
    for arguments in ({}, {"json": {}}, {"json": {"account_name": None}}):
        answer = await api.post(f"/accounts/{path}", **arguments)
        assert answer.status_code == 422
        assert "account_name" in answer.text


async def test_an_empty_body_does_not_hide_the_name_in_the_query(api: httpx.AsyncClient, name: str) -> None:
    query = {"account_name": name}
    assert (await api.post("/accounts/add-account", params=query, json={})).status_code == 201
    assert (await api.post("/accounts/delete-account", params=query, json={})).status_code == 200


async def test_the_master_account_cannot_be_deleted(api: httpx.AsyncClient, form: Form) -> None:
    answer = await api.post("/accounts/delete-account", **form("master_account"))
    assert (answer.status_code, answer.json()["code"]) == (400, "master_account")
    assert "master_account" in (await api.get("/accounts")).json()


async def test_an_unknown_account_is_not_found(api: httpx.AsyncClient, form: Form, name: str) -> None:
    for answer in (
        await api.post("/accounts/delete-account", **form(name)),
        await api.get(f"/accounts/{name}/credentials"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown_account")
        assert name in answer.json()["detail"]


async def test_no_account_takes_the_place_of_the_gateway_wallets(api: httpx.AsyncClient, form: Form) -> None:
    answer = await api.post("/accounts/add-account", **form("gateway"))
    assert (answer.status_code, answer.json()["code"]) == (400, "reserved_name")


async def test_nothing_is_told_without_a_login(api: httpx.AsyncClient) -> None:
    for method, path in (("GET", "/accounts"), ("POST", "/portfolio/state"), ("GET", "/accounts/x/credentials")):
        answer = await api.request(method, path, auth=None)
        assert answer.status_code == 401
