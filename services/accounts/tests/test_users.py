import asyncio
import secrets
import time
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from aviary_common.access.directory import FRESH_S
from aviary_common.database import Database
from aviary_testing.waiting import eventually

from .logins import Logins


async def status(api: httpx.AsyncClient, login: tuple[str, str], path: str = "/users/me") -> int:
    """From an address of its own, for wrong logins count against theirs."""
    address = ".".join(str(part) for part in secrets.token_bytes(4))
    return (await api.get(path, auth=login, headers={"X-Real-IP": address})).status_code


async def test_a_user_is_added_and_logs_in(api: httpx.AsyncClient, logins: Logins) -> None:
    name, password = await logins.user("read", ["master_account"])
    me = (await api.get("/users/me", auth=(name, password))).json()
    assert me == {"name": name, "scope": "read", "accounts": ["master_account"], "key_id": None}
    assert await status(api, (name, "wrong")) == 401


async def test_the_first_user_has_every_right_and_is_no_row(api: httpx.AsyncClient) -> None:
    me = (await api.get("/users/me")).json()
    assert (me["scope"], me["accounts"]) == ("admin", None)
    assert me["name"] not in [user["name"] for user in (await api.get("/users")).json()]
    for answer in (
        await api.post("/users", json={"name": me["name"], "password": secrets.token_hex(12), "scope": "read"}),
        await api.patch(f"/users/{me['name']}", json={"disabled": True}),
        await api.delete(f"/users/{me['name']}"),
        await api.put("/users/me/password", json={"new_password": secrets.token_hex(12)}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (400, "first_user")


@pytest.mark.parametrize(
    ("change", "expected"),
    [({"disabled": True}, 401), ({"password": "another 1, of twelve"}, 401), ({"scope": "read"}, 403)],
)
async def test_a_change_counts_at_once(
    api: httpx.AsyncClient, logins: Logins, change: dict[str, Any], expected: int
) -> None:
    name, password = await logins.user("admin")
    assert await status(api, (name, password), "/users") == 200
    changed = await api.patch(f"/users/{name}", json=change)
    assert changed.status_code == 200, changed.text
    begun = time.monotonic()

    async def ended() -> bool:
        return await status(api, (name, password), "/users") == expected

    await eventually(ended)
    assert time.monotonic() - begun < FRESH_S / 2


@pytest.mark.parametrize("name", ["a\0b", "", "käse", "x" * 3000, "' or true --"])
async def test_whatever_is_given_as_a_name_is_a_wrong_login(api: httpx.AsyncClient, name: str) -> None:
    assert await status(api, (name, "wrong\0")) == 401


async def test_a_removed_user_and_his_keys_are_out(api: httpx.AsyncClient, logins: Logins) -> None:
    login = await logins.user("trade")
    key = await logins.key(login)
    assert await status(api, (key["id"], key["key"])) == 200
    assert (await api.delete(f"/users/{login[0]}")).status_code == 200

    async def out() -> bool:
        return {await status(api, login), await status(api, (key["id"], key["key"]))} == {401}

    await eventually(out)


@pytest.mark.parametrize("weak", ["sh0rt", "password1234", "aaaaaaaaaaaaaaaa"])
async def test_a_weak_password_is_refused_and_not_repeated(api: httpx.AsyncClient, weak: str) -> None:
    answer = await api.post("/users", json={"name": "weak", "password": weak, "scope": "read"})
    assert (answer.status_code, answer.json()["code"]) == (400, "weak_password")
    assert weak not in answer.text


async def test_a_bad_body_does_not_repeat_the_password(api: httpx.AsyncClient) -> None:
    answer = await api.post("/users", json={"name": "a b", "password": "hidden-one-123", "scope": "all"})
    assert answer.status_code == 422
    assert "hidden-one-123" not in answer.text


async def test_nobody_gives_what_he_has_not(api: httpx.AsyncClient, logins: Logins) -> None:
    limited = await logins.user("admin", ["master_account"])
    new = {"name": "more", "password": secrets.token_hex(12), "scope": "read"}
    for accounts in (None, ["other"], ["master_account", "other"]):
        answer = await api.post("/users", json={**new, "accounts": accounts}, auth=limited)
        assert (answer.status_code, answer.json()["code"]) == (403, "beyond_own_rights")
    trader = await logins.user("trade", ["master_account"])
    for wanted in ({"scope": "admin"}, {"accounts": ["other"]}):
        answer = await api.post("/api-keys", json={"name": "more", **wanted}, auth=trader)
        assert (answer.status_code, answer.json()["code"]) == (403, "beyond_own_rights")


async def test_who_has_more_is_not_seen_or_touched(api: httpx.AsyncClient, logins: Logins) -> None:
    limited = await logins.user("admin", ["master_account"])
    other, _ = await logins.user("read")
    assert other not in [user["name"] for user in (await api.get("/users", auth=limited)).json()]
    for answer in (
        await api.get(f"/users/{other}", auth=limited),
        await api.patch(f"/users/{other}", json={"disabled": True}, auth=limited),
        await api.delete(f"/users/{other}", auth=limited),
    ):
        assert answer.status_code == 404


async def test_a_key_makes_no_logins(api: httpx.AsyncClient, logins: Logins) -> None:
    key = await logins.key(await logins.user("admin"))
    bearer = {"Authorization": f"Bearer {key['key']}"}
    new = {"name": "another", "password": secrets.token_hex(12), "scope": "read"}
    for method, path, body in (
        ("POST", "/users", new),
        ("POST", "/api-keys", {"name": "another"}),
        ("PUT", "/users/me/password", {"new_password": secrets.token_hex(12)}),
    ):
        answer = await api.request(method, path, json=body, headers=bearer, auth=None)
        assert (answer.status_code, answer.json()["code"]) == (403, "password_login_needed")


async def test_a_key_is_shown_once_and_works_in_every_form(api: httpx.AsyncClient, logins: Logins) -> None:
    login = await logins.user("trade", ["master_account"])
    key = await logins.key(login, scope="read")
    assert key["key"].startswith("avk_")
    listed = (await api.get("/api-keys", auth=login)).json()
    assert [each["id"] for each in listed] == [key["id"]]
    assert key["key"] not in str(listed)
    expected = {"name": login[0], "scope": "read", "accounts": ["master_account"], "key_id": key["id"]}
    forms: list[dict[str, Any]] = [
        {"headers": {"Authorization": f"Bearer {key['key']}"}, "auth": None},
        {"headers": {"X-API-Key": key["key"]}, "auth": None},
        {"auth": (key["id"], key["key"])},
    ]
    for form in forms:
        assert (await api.get("/users/me", **form)).json() == expected
    assert await status(api, (login[0], key["key"])) == 401


async def test_a_revoked_key_stops(api: httpx.AsyncClient, logins: Logins) -> None:
    key = await logins.key()
    as_key = (key["id"], key["key"])
    assert await status(api, as_key) == 200
    assert (await api.delete(f"/api-keys/{key['id']}")).status_code == 200

    async def stopped() -> bool:
        return await status(api, as_key) == 401

    await eventually(stopped)
    assert (await api.delete(f"/api-keys/{key['id']}")).status_code == 200
    listed = {each["id"]: each for each in (await api.get("/api-keys")).json()}
    assert listed[key["id"]]["revoked_at"] is not None
    assert listed[key["id"]]["last_used_at"] is not None


async def test_an_expired_key_is_none(api: httpx.AsyncClient, logins: Logins) -> None:
    soon = time.time() + 0.7
    key = await logins.key(expires_at=soon)
    assert await status(api, (key["id"], key["key"])) == 200

    async def expired() -> bool:
        return await status(api, (key["id"], key["key"])) == 401

    await eventually(expired)
    answer = await api.post("/api-keys", json={"name": "late", "expires_at": soon})
    assert (answer.status_code, answer.json()["code"]) == (400, "already_expired")


async def test_a_key_has_no_more_than_its_owner_has_now(api: httpx.AsyncClient, logins: Logins) -> None:
    login = await logins.user("admin")
    key = await logins.key(login, accounts=["one", "two"])
    await api.patch(f"/users/{login[0]}", json={"scope": "read", "accounts": ["two", "three"]})

    async def narrowed() -> bool:
        me = (await api.get("/users/me", auth=(key["id"], key["key"]))).json()
        return (me["scope"], me["accounts"]) == ("read", ["two"])

    await eventually(narrowed)


async def test_others_keys_are_not_ones_own(api: httpx.AsyncClient, logins: Logins) -> None:
    key = await logins.key(await logins.user("trade"))
    other = await logins.user("trade")
    assert (await api.get("/api-keys", auth=other)).json() == []
    assert (await api.delete(f"/api-keys/{key['id']}", auth=other)).status_code == 404
    assert key["id"] in [each["id"] for each in (await api.get("/api-keys")).json()]


async def test_what_is_stored_tells_no_secret(api: httpx.AsyncClient, logins: Logins, database: Database) -> None:
    login = await logins.user("read")
    key = await logins.key(login)
    async with database.single() as connection:
        users = str((await connection.execute(text("select * from login_user"))).all())
        keys = str((await connection.execute(text("select * from api_key"))).all())
    assert "$argon2id$" in users
    assert login[1] not in users
    assert key["key"] not in keys
    assert key["key"].rsplit("_", 1)[1] not in keys


async def test_own_password_can_be_changed(api: httpx.AsyncClient, logins: Logins) -> None:
    name, password = await logins.user("read")
    new = secrets.token_urlsafe(18)
    assert (await api.put("/users/me/password", json={"new_password": new}, auth=(name, password))).status_code == 200

    async def changed() -> bool:
        return (await status(api, (name, password)), await status(api, (name, new))) == (401, 200)

    await eventually(changed)


async def test_a_held_caller_sees_and_names_his_accounts_only(api: httpx.AsyncClient, logins: Logins) -> None:
    login = await logins.user("admin", ["master_account", "gone"])
    assert (await api.get("/accounts", auth=login)).json() == ["master_account"]
    assert (await api.get("/accounts/master_account/credentials", auth=login)).status_code == 200
    for answer in (
        await api.get("/accounts/other/credentials", auth=login),
        await api.post("/accounts/add-account", json={"account_name": "other"}, auth=login),
        await api.post("/accounts/add-account", params={"account_name": "other"}, auth=login),
        await api.post("/portfolio/history", json={"account_names": ["other"]}, auth=login),
        await api.get("/portfolio/accounts-distribution", params={"account_names": "other"}, auth=login),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "account_not_allowed")


async def test_many_logins_at_once_are_checked_few_at_a_time(api: httpx.AsyncClient, logins: Logins) -> None:
    """The service answers others meanwhile, and says 429 to those that would wait for long."""
    name, _ = await logins.user("read")
    names = [name, *(f"user-{n}" for n in range(59))]
    asking = [asyncio.create_task(status(api, (each, "a wrong one"))) for each in names]
    begun = time.monotonic()
    assert (await api.get("/users/me")).status_code == 200
    answered = time.monotonic() - begun
    assert {429} <= set(await asyncio.gather(*asking)) <= {401, 429, 503}
    assert answered < 2
