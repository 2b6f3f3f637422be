import secrets
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from aviary_accounts.audit import store
from aviary_accounts.audit.chain import ORIGIN, hash_of
from aviary_common.audit import AuditEntry
from aviary_common.bus import Bus
from aviary_common.database import Database
from aviary_testing.waiting import eventually

from .logins import Logins


def entry(**values: Any) -> AuditEntry:
    plain = {
        "id": uuid4(),
        "at": datetime(2026, 1, 2, tzinfo=UTC),
        "user": "somebody",
        "key_id": None,
        "service": "accounts",
        "method": "POST",
        "route": "/things/{name}",
        "path": "/things/one",
        "status": 200,
        "request_id": "request-1",
        "client": "10.0.0.1",
        "accounts": [],
    }
    return AuditEntry(**{**plain, **values})


async def found(api: httpx.AsyncClient, **wanted: Any) -> list[dict[str, Any]]:
    answer = await api.get("/audit", params=wanted)
    assert answer.status_code == 200, answer.text
    entries: list[dict[str, Any]] = answer.json()["data"]
    return entries


async def test_a_call_that_changes_something_leaves_one_entry(api: httpx.AsyncClient, logins: Logins) -> None:
    login = await logins.user("admin")
    key = await logins.key(login)
    name = f"acc-{secrets.token_hex(6)}"
    headers = {"X-API-Key": key["key"], "X-Request-Id": f"request-{name}", "X-Real-IP": "10.9.8.7"}
    added = await api.post("/accounts/add-account", params={"account_name": name}, headers=headers, auth=None)
    assert added.status_code == 201, added.text
    await eventually(lambda: _is_told(api, name, 1))
    (told,) = await found(api, account_name=name)
    assert {field: told[field] for field in ("user", "key_id", "service", "method", "route", "path", "status")} == {
        "user": login[0],
        "key_id": key["id"],
        "service": "accounts",
        "method": "POST",
        "route": "/accounts/add-account",
        "path": "/accounts/add-account",
        "status": 201,
    }
    assert (told["request_id"], told["client"], told["accounts"]) == (f"request-{name}", "10.9.8.7", [name])
    await api.post("/accounts/delete-account", params={"account_name": name})


async def _is_told(api: httpx.AsyncClient, account: str, times: int) -> bool:
    return len(await found(api, account_name=account)) == times


async def test_a_refused_call_leaves_an_entry_and_a_look_none(api: httpx.AsyncClient, logins: Logins) -> None:
    login = await logins.user("read")
    assert (await api.get("/accounts", auth=login)).status_code == 200
    assert (await api.post("/portfolio/history", json={}, auth=login)).status_code == 200
    assert (await api.post("/accounts/add-account", params={"account_name": "x"}, auth=login)).status_code == 403

    async def told() -> bool:
        return bool(await found(api, user=login[0]))

    await eventually(told)
    assert [(each["route"], each["status"]) for each in await found(api, user=login[0])] == [
        ("/accounts/add-account", 403)
    ]


async def test_entries_are_filtered_and_paged(api: httpx.AsyncClient, logins: Logins) -> None:
    name, password = await logins.user("admin")
    for number in range(3):
        await api.post("/accounts/add-account", params={"account_name": f"a b {number}"}, auth=(name, password))
    await api.delete("/api-keys/0123456789abcdef", auth=(name, password))

    async def complete() -> bool:
        return len(await found(api, user=name)) == 4

    await eventually(complete)
    assert len(await found(api, user=name, path="/accounts")) == 3
    assert len(await found(api, user=name, service="trading")) == 0
    assert len(await found(api, user=name, start_time="2001-01-01", end_time="2001-01-02")) == 0
    first = (await api.get("/audit", params={"user": name, "limit": 3})).json()
    rest = (await api.get("/audit", params={"user": name, "limit": 3, "cursor": first["next_cursor"]})).json()
    assert (first["total"], len(first["data"]), len(rest["data"])) == (4, 3, 1)
    order = [each["seq"] for each in (*first["data"], *rest["data"])]
    assert order == sorted(order, reverse=True)


@pytest.mark.parametrize("field", ["user", "key_id", "service", "path", "account_name"])
async def test_what_cannot_be_there_is_refused(api: httpx.AsyncClient, field: str) -> None:
    assert (await api.get("/audit", params={field: "a\0b"})).status_code == 422
    assert await found(api, **{field: "%_\\'\""}) == []


async def test_only_administrators_of_every_account_read_it(api: httpx.AsyncClient, logins: Logins) -> None:
    for login in (await logins.user("trade"), await logins.user("admin", ["master_account"])):
        for path in ("/audit", "/audit/verification"):
            assert (await api.get(path, auth=login)).status_code == 403


async def test_nobody_speaks_in_anothers_name(api: httpx.AsyncClient, listener: Bus) -> None:
    """``listener`` is trading: an honest entry of its own comes after a forged one, which is dropped."""
    honest, forged = entry(service="trading", user="honest-one"), entry(service="accounts", user="forged-one")
    for each in (forged, honest, honest):
        await listener.publish("audit.trading", each.model_dump(mode="json"), message_id=uuid4().hex)

    async def told() -> bool:
        return bool(await found(api, user="honest-one"))

    await eventually(told)
    assert len(await found(api, user="honest-one")) == 1
    assert await found(api, user="forged-one") == []


@pytest.mark.parametrize(
    "statement",
    ["update audit_entry set status = 1", "delete from audit_entry", "truncate audit_entry"],
)
async def test_entries_cannot_be_changed_or_removed(api: httpx.AsyncClient, database: Database, statement: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"):
        async with database.transaction() as connection:
            await connection.execute(text(statement))


@pytest.mark.parametrize(
    "tampering",
    [
        "update audit_entry set status = 201 where id = '{id}'",
        "update audit_entry set \"user\" = 'another' where id = '{id}'",
        "delete from audit_entry where id = '{id}'",
    ],
)
async def test_tampering_shows(api: httpx.AsyncClient, database: Database, tampering: str) -> None:
    """By somebody who may switch the trigger off; all of it is rolled back."""
    chosen = entry()
    async with database.transaction() as connection:
        await store.lock(connection)
        await store.append(connection, [entry(), chosen, entry()])
    assert (await api.get("/audit/verification")).json()["intact"] is True
    await _tamper(database, tampering, chosen.id)
    verified = (await api.get("/audit/verification")).json()
    assert verified["intact"] is False
    assert verified["broken_at"] is not None
    await _mend(database)


async def _tamper(database: Database, tampering: str, chosen: UUID) -> None:
    async with database.transaction() as connection:
        await connection.execute(text("alter table audit_entry disable trigger user"))
        await connection.execute(text(tampering.format(id=chosen)))
        await connection.execute(text("alter table audit_entry enable trigger user"))


async def _mend(database: Database) -> None:
    async with database.transaction() as connection:
        await connection.execute(text("alter table audit_entry disable trigger user"))
        await connection.execute(text("delete from audit_entry"))
        await connection.execute(text("alter table audit_entry enable trigger user"))


def test_every_field_counts_in_the_hash() -> None:
    plain = entry(id=UUID(int=1))
    others = [
        entry(id=UUID(int=2)),
        *(
            entry(id=UUID(int=1), **changed)
            for changed in (
                {"at": datetime(2026, 1, 3, tzinfo=UTC)},
                {"user": "x"},
                {"key_id": "x"},
                {"service": "x"},
                {"method": "x"},
                {"route": "x"},
                {"path": "x"},
                {"status": 1},
                {"request_id": "x"},
                {"client": "x"},
                {"accounts": ["x"]},
            )
        ),
    ]
    hashes = {hash_of(ORIGIN, 1, each) for each in (plain, *others)}
    hashes |= {hash_of(ORIGIN, 2, plain), hash_of(bytes(31) + b"1", 1, plain)}
    assert len(hashes) == len(AuditEntry.model_fields) + 3
