import asyncio
import json
import secrets
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import select, text

from aviary_accounts.app import create
from aviary_accounts.credentials.tables import credential
from aviary_common.bus import Bus, Event
from aviary_common.database import Database
from aviary_common.errors import NotFound
from aviary_common.vault import Sealed, Vault, VaultError
from aviary_local.testing import Servers
from aviary_messages.events import CredentialAdded, CredentialRemoved
from aviary_messages.questions import GetCredential, ListCredentials
from aviary_testing.apps import environment, running_app
from aviary_testing.sandbox import Sandbox
from aviary_testing.waiting import eventually


def keys(api_key: str) -> dict[str, str]:
    return {"api_key": api_key, "api_secret": f"{api_key}-secret"}


async def add(api: httpx.AsyncClient, account: str, body: dict[str, Any], connector: str = "sandbox") -> httpx.Response:
    return await api.post(f"/accounts/add-credential/{account}/{connector}", json=body)


async def listed(api: httpx.AsyncClient, account: str) -> list[str]:
    connectors: list[str] = (await api.get(f"/accounts/{account}/credentials")).json()
    return connectors


async def stored(database: Database, account: str, connector: str = "sandbox") -> Any:
    query = select(credential.c.sealed).where(
        credential.c.account_name == account, credential.c.connector_name == connector
    )
    async with database.single() as connection:
        return await connection.scalar(query)


@pytest.mark.parametrize(
    "names",
    [
        ("api_key", "api_secret"),
        ("api_key", "secret_key"),
        ("sandbox_api_key", "sandbox_api_secret"),
        ("SANDBOX_API_KEY", "Sandbox_Api_Secret"),
    ],
    ids=["generic", "synonyms", "config map", "any case"],
)
async def test_credentials_are_taken_under_each_of_their_names(
    api: httpx.AsyncClient, account: str, api_key: str, names: tuple[str, str]
) -> None:
    answer = await add(api, account, dict(zip(names, (api_key, f"{api_key}-secret"), strict=True)))
    assert answer.status_code == 201, answer.text
    assert account in answer.json()["message"]
    assert await listed(api, account) == ["sandbox"]


async def test_the_other_keys_that_clients_send_are_ignored(api: httpx.AsyncClient, account: str, api_key: str) -> None:
    extras = {"connector": "sandbox", "force_override": True, "nothing": None}
    assert (await add(api, account, {**keys(api_key), **extras})).status_code == 201


async def test_connectors_are_found_without_case_and_kept_under_their_own_name(
    api: httpx.AsyncClient, account: str, api_key: str
) -> None:
    assert (await add(api, account, keys(api_key), "Sandbox_Perpetual")).status_code == 201
    assert (await add(api, account, keys(api_key), "SANDBOX")).status_code == 201
    assert await listed(api, account) == ["sandbox", "sandbox_perpetual"]
    assert (await api.post(f"/accounts/delete-credential/{account}/SANDBOX")).status_code == 200
    assert await listed(api, account) == ["sandbox_perpetual"]


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, ["sandbox_api_key", "sandbox_api_secret"]),
        ({"api_key": "abc"}, ["sandbox_api_secret"]),
        ({"api_key": "abc", "api_secret": "  "}, ["sandbox_api_secret"]),
        ({"api_key": "abc", "api_secret": "x", "passphrase": "y"}, ["passphrase"]),
        ({"binance_api_key": "abc", "api_secret": "x"}, ["binance_api_key", "sandbox_api_key"]),
        ({"api_key": "abc", "sandbox_api_key": "d", "api_secret": "x"}, ["sandbox_api_key"]),
    ],
    ids=["nothing", "no secret", "blank secret", "unknown field", "another venue's field", "given twice"],
)
async def test_wrong_fields_are_refused_by_name_without_asking_the_venue(
    api: httpx.AsyncClient, account: str, body: dict[str, str], named: list[str]
) -> None:
    answer = await add(api, account, body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_credentials")
    for field in named:
        assert field in answer.json()["detail"]
    assert await listed(api, account) == []


@pytest.mark.parametrize("body", [[], "text", {"api_key": {"nested": "x"}}, {"api_key": ["x"]}])
async def test_a_body_that_is_no_plain_object_is_refused(api: httpx.AsyncClient, account: str, body: Any) -> None:
    assert (await add(api, account, body)).status_code == 422


async def test_a_paper_connector_wants_no_keys_and_no_venue_is_asked(
    api: httpx.AsyncClient, account: str, listener: Bus, servers: Servers
) -> None:
    assert (await add(api, account, {}, "binance_paper_trade")).status_code == 201
    assert await listed(api, account) == ["binance_paper_trade"]
    answer = await listener.ask(GetCredential(account_name=account, connector_name="binance_paper_trade"))
    assert vault(servers).open(answer.sealed, answer.context) == {}
    refused = await add(api, account, {"api_key": "abc"}, "kraken_paper_trade")
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid_credentials")


async def test_an_unknown_connector_is_not_found_and_the_nearest_is_named(
    api: httpx.AsyncClient, account: str, api_key: str
) -> None:
    answer = await add(api, account, keys(api_key), "sandbxo")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_connector")
    assert "'sandbox'" in answer.json()["detail"]


async def test_an_unknown_account_is_not_found(api: httpx.AsyncClient, api_key: str) -> None:
    nobody = f"acc-{secrets.token_hex(6)}"
    for answer in (
        await add(api, nobody, keys(api_key)),
        await api.post(f"/accounts/delete-credential/{nobody}/sandbox"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown_account")


@pytest.mark.parametrize("path", ["add-credential/a b/sandbox", "add-credential/ok/a b", "delete-credential/ok/a.b"])
async def test_a_bad_name_is_refused(api: httpx.AsyncClient, path: str) -> None:
    assert (await api.post(f"/accounts/{path}", json=keys("abc"))).status_code == 422


async def test_refused_credentials_are_not_stored_and_the_venue_says_why(
    api: httpx.AsyncClient, account: str, api_key: str, database: Database
) -> None:
    answer = await add(api, account, {"api_key": api_key, "api_secret": "wrong"})
    assert (answer.status_code, answer.json()["code"]) == (400, "credentials_refused")
    assert "Signature for this request is not valid" in answer.json()["detail"]
    assert "wrong" not in answer.text
    assert await listed(api, account) == []
    assert await stored(database, account) is None


async def test_refused_credentials_leave_the_older_ones(
    api: httpx.AsyncClient, account: str, api_key: str, database: Database
) -> None:
    await add(api, account, keys(api_key))
    before = await stored(database, account)
    assert (await add(api, account, {"api_key": api_key, "api_secret": "wrong"})).status_code == 400
    assert await stored(database, account) == before


async def test_new_credentials_replace_the_older_ones(
    api: httpx.AsyncClient, account: str, api_key: str, database: Database, servers: Servers
) -> None:
    await add(api, account, keys(f"{api_key}-old"))
    assert (await add(api, account, keys(api_key))).status_code == 201
    assert await listed(api, account) == ["sandbox"]
    sealed = Sealed.model_validate(await stored(database, account))
    assert vault(servers).open(sealed, f"{account}/sandbox")["sandbox_api_key"] == api_key


async def test_a_failing_venue_is_unavailable_and_nothing_is_stored(
    api: httpx.AsyncClient, account: str, api_key: str, sandbox: Sandbox, database: Database
) -> None:
    await sandbox.control("POST", "/faults", kind="status_before", status=503, api_key=api_key, count=1)
    answer = await add(api, account, keys(api_key))
    assert (answer.status_code, answer.json()["code"]) == (503, "venue_unavailable")
    assert await stored(database, account) is None


async def test_a_venue_that_does_not_answer_is_given_up_and_the_older_credentials_stay(
    servers: Servers, api: httpx.AsyncClient, account: str, api_key: str, sandbox: Sandbox, database: Database
) -> None:
    await add(api, account, keys(api_key))
    before = await stored(database, account)
    slow = f"{api_key}-slow"
    await sandbox.control("POST", "/faults", kind="delay", delay_ms=30_000, api_key=slow, count=1)
    hurried = {**environment(servers, "accounts", sandbox), "AVIARY_EXCHANGE_TIMEOUT_S": "0.5"}
    async with running_app(create, {**hurried, "AVIARY_SNAPSHOT_EVERY_S": "0"}) as impatient, asyncio.timeout(10):
        answer = await add(impatient, account, keys(slow))
    assert (answer.status_code, answer.json()["code"]) == (503, "venue_unavailable")
    assert await stored(database, account) == before


async def test_a_failing_venue_is_named(api: httpx.AsyncClient, account: str, api_key: str, sandbox: Sandbox) -> None:
    await sandbox.control("POST", "/faults", kind="status_before", status=503, api_key=api_key, count=1)
    answer = await add(api, account, keys(api_key))
    assert answer.status_code == 503
    assert "sandbox" in answer.json()["detail"]


async def test_a_venue_that_cannot_be_reached_is_named_and_nothing_is_stored(
    servers: Servers, api: httpx.AsyncClient, account: str, api_key: str, database: Database
) -> None:
    nowhere = {"AVIARY_EXCHANGE_BASE_URLS": json.dumps({"sandbox": "http://127.0.0.1:1"})}
    nowhere["AVIARY_SNAPSHOT_EVERY_S"] = "0"
    async with running_app(create, {**environment(servers, "accounts"), **nowhere}) as unlucky:
        answer = await add(unlucky, account, keys(api_key))
    assert answer.status_code == 503
    assert await stored(database, account) is None
    assert "sandbox" in answer.json()["detail"]


async def test_deleting_credentials_can_be_repeated(api: httpx.AsyncClient, account: str, api_key: str) -> None:
    await add(api, account, keys(api_key))
    messages = []
    for _ in range(2):
        answer = await api.post(f"/accounts/delete-credential/{account}/sandbox")
        assert answer.status_code == 200
        messages.append(answer.json()["message"])
        assert await listed(api, account) == []
    assert messages[0] != messages[1]


async def test_credentials_are_encrypted_at_rest_and_in_the_outbox(
    api: httpx.AsyncClient, account: str, api_key: str, database: Database
) -> None:
    await add(api, account, keys(api_key))
    async with database.single() as connection:
        rows = (await connection.execute(text("select c::text from credential c"))).all()
        events = (await connection.execute(text("select o::text from outbox o"))).all()
    assert any(account in row[0] for row in rows)
    assert not any(api_key in row[0] for row in [*rows, *events])


async def test_only_the_config_password_opens_a_record_and_only_in_its_place(
    api: httpx.AsyncClient, account: str, api_key: str, database: Database, servers: Servers
) -> None:
    await add(api, account, keys(api_key))
    sealed = Sealed.model_validate(await stored(database, account))
    opened = vault(servers).open(sealed, f"{account}/sandbox")
    assert opened == {"sandbox_api_key": api_key, "sandbox_api_secret": f"{api_key}-secret"}
    with pytest.raises(VaultError):
        vault(servers).open(sealed, "master_account/sandbox")
    with pytest.raises(VaultError):
        vault(servers, "another long password 1!").open(sealed, f"{account}/sandbox")


async def test_adding_and_deleting_is_told(
    api: httpx.AsyncClient, account: str, api_key: str, told: list[Event]
) -> None:
    added = CredentialAdded(account_name=account, connector_name="sandbox")
    removed = CredentialRemoved(account_name=account, connector_name="sandbox")
    await add(api, account, keys(api_key))
    await eventually(lambda: added in told)
    await add(api, account, keys(api_key))
    await eventually(lambda: told.count(added) == 2)
    assert removed not in told
    await api.post(f"/accounts/delete-credential/{account}/Sandbox")
    await eventually(lambda: removed in told)


async def test_what_was_not_stored_or_not_there_is_not_told(
    api: httpx.AsyncClient, account: str, api_key: str, told: list[Event]
) -> None:
    await add(api, account, {"api_key": api_key, "api_secret": "wrong"})
    await api.post(f"/accounts/delete-credential/{account}/sandbox")
    await add(api, account, keys(api_key), "sandbox_perpetual")
    last = CredentialAdded(account_name=account, connector_name="sandbox_perpetual")
    await eventually(lambda: last in told)
    assert [event for event in told if account in event.model_dump().values()] == [last]


async def test_deleting_an_account_tells_of_each_of_its_credentials(
    api: httpx.AsyncClient, account: str, api_key: str, told: list[Event]
) -> None:
    for connector in ("sandbox", "sandbox_perpetual"):
        await add(api, account, keys(api_key), connector)
    await api.post("/accounts/delete-account", json={"account_name": account})
    for connector in ("sandbox", "sandbox_perpetual"):
        removed = CredentialRemoved(account_name=account, connector_name=connector)
        await eventually(lambda removed=removed: removed in told)


async def test_credentials_added_while_their_account_is_deleted_are_told_as_removed(
    api: httpx.AsyncClient, account: str, database: Database, told: list[Event]
) -> None:
    async with database.transaction() as connection:
        await connection.execute(
            credential.insert().values(account_name=account, connector_name="sandbox", sealed={"version": 1})
        )
        deleting = asyncio.create_task(api.post("/accounts/delete-account", json={"account_name": account}))
        await eventually(lambda: someone_waits_for_a_lock(database))
    assert (await deleting).status_code == 200
    removed = CredentialRemoved(account_name=account, connector_name="sandbox")
    await eventually(lambda: removed in told)


async def test_an_account_deleted_while_its_credentials_are_checked_is_not_found(
    api: httpx.AsyncClient, account: str, api_key: str, database: Database
) -> None:
    async with database.transaction() as connection:
        await connection.execute(text("delete from account where name = :name"), {"name": account})
        adding = asyncio.create_task(add(api, account, keys(api_key)))
        await eventually(lambda: someone_waits_for_a_lock(database))
    answer = await adding
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_account")


async def test_another_service_gets_a_sealed_record_that_it_can_open(
    api: httpx.AsyncClient, account: str, api_key: str, listener: Bus, servers: Servers
) -> None:
    await add(api, account, keys(api_key))
    answer = await listener.ask(GetCredential(account_name=account, connector_name="Sandbox"))
    assert (answer.account_name, answer.connector_name) == (account, "sandbox")
    assert api_key not in answer.model_dump_json()
    assert vault(servers).open(answer.sealed, answer.context)["sandbox_api_key"] == api_key


async def test_another_service_is_told_what_is_missing(api: httpx.AsyncClient, account: str, listener: Bus) -> None:
    for name, code in ((account, "no_credential"), (f"{account}-x", "unknown_account")):
        with pytest.raises(NotFound) as caught:
            await listener.ask(GetCredential(account_name=name, connector_name="sandbox"))
        assert caught.value.code == code
        assert name in caught.value.detail


async def test_another_service_hears_of_all_credentials(
    api: httpx.AsyncClient, account: str, api_key: str, listener: Bus
) -> None:
    for connector in ("sandbox_perpetual", "sandbox"):
        await add(api, account, keys(api_key), connector)
    answer = await listener.ask(ListCredentials())
    mine = [key.connector_name for key in answer.keys if key.account_name == account]
    assert mine == ["sandbox", "sandbox_perpetual"]


def vault(servers: Servers, password: str | None = None) -> Vault:
    return Vault(SecretStr(password or servers.secrets.config_password))


async def someone_waits_for_a_lock(database: Database) -> bool:
    async with database.single() as connection:
        return bool(await connection.scalar(text("select count(*) from pg_locks where not granted")))
