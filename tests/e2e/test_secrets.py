"""After all the other tests (the files run in order of their names): no secret came out."""

import json
import re
import secrets
import stat
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from docker import DockerClient
from redis.asyncio import Redis

from aviary_local import postgres_binaries, processes
from aviary_local.topology import DATABASE, GATEWAY_PROXY, SERVICES, SUPERUSER, Service
from aviary_testing.waiting import eventually
from tests.e2e.trader import Trader
from tests.stack import Stack

pytestmark = pytest.mark.e2e

PUBLIC = {"AVIARY_USERNAME", "AVIARY_NATS_CALLOUT_ISSUER"}
API_SECRET = re.compile(rb"(key-[0-9a-f]{12}|demo)-secret")
"""Of the keys that these tests use."""
API_KEY = re.compile(rb"avk_[0-9a-f]{16}_[0-9a-f]{64}")
USER_PASSWORD = re.compile(rb"user-password-[0-9a-f]{16}")
OTHERS = {"an API secret": API_SECRET, "an API key": API_KEY, "a user's password": USER_PASSWORD}


def files_below(folder: Path) -> Iterator[Path]:
    """Also behind the link that leads to PostgreSQL's data when root runs the stack."""
    for each in folder.iterdir():
        if each.is_dir():
            yield from files_below(each)
        elif each.is_file():
            yield each


def contents(folder: Path) -> dict[Path, bytes]:
    found = {}
    for each in files_below(folder):
        try:
            found[each] = each.read_bytes()
        except FileNotFoundError:
            continue
    return found


def command_line(pid: int) -> bytes:
    """Empty when the process has ended meanwhile."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def leaks(stack: Stack, text: bytes) -> list[str]:
    """The names of the secrets in it."""
    made = [name for name, value in stack.secrets.items() if name not in PUBLIC and value.encode() in text]
    return [*made, *(name for name, form in OTHERS.items() if form.search(text))]


@pytest.fixture(scope="module", autouse=True)
async def login(client: httpx.AsyncClient) -> AsyncIterator[tuple[str, str, str]]:
    """A user who has logged in with a password and with a key, rightly and wrongly; name, password and key."""
    name, password = f"user-{secrets.token_hex(6)}", f"user-password-{secrets.token_hex(8)}"
    body = {"name": name, "password": password, "scope": "trade"}
    (await client.post("/users", json=body)).raise_for_status()
    made = await client.post("/api-keys", json={"name": "a test's"}, auth=(name, password))
    key = made.raise_for_status().json()["key"]
    for path in ("/users/me", "/market-data/settings", f"/users/{name}"):
        for headers in ({"X-API-Key": key}, {"Authorization": f"Bearer {key}"}):
            await client.get(path, headers=headers, auth=None)
        await client.get(path, auth=(name, password))
    await client.post("/users", json={**body, "name": "a b"})
    await client.put("/users/me/password", json={"new_password": password}, auth=(name, password))
    await client.get("/users/me", auth=(name, password[:-1]))
    await client.get("/users/me", auth=(key, password))
    yield name, password, key
    await client.delete(f"/users/{name}")


async def test_the_secrets_would_be_found(stack: Stack, trader: Trader, login: tuple[str, str, str]) -> None:
    assert leaks(stack, stack.login[1].encode()) == ["AVIARY_PASSWORD"]
    assert leaks(stack, trader.secret.encode()) == ["an API secret"]
    assert leaks(stack, login[1].encode()) == ["a user's password"]
    assert leaks(stack, login[2].encode()) == ["an API key"]


async def test_no_secret_is_in_the_logs(stack: Stack, trader: Trader) -> None:
    await trader.place()
    logs = contents(stack.data / "logs")
    assert any(trader.account.encode() in text for text in logs.values())
    assert {path.name: leaks(stack, text) for path, text in logs.items() if leaks(stack, text)} == {}


def test_no_secret_is_in_a_command_line(stack: Stack) -> None:
    lines = {pid: command_line(pid) for pid in stack.pids()}
    assert len([line for line in lines.values() if line]) > 12
    assert {pid: leaks(stack, line) for pid, line in lines.items() if leaks(stack, line)} == {}


async def test_no_secret_is_in_an_event(stack: Stack, trader: Trader) -> None:
    stored = stack.data / "nats" / "jetstream"
    await eventually(lambda: trader.account.encode() in b"".join(contents(stored).values()))
    assert leaks(stack, b"".join(contents(stored).values())) == []


async def test_nobodys_secret_is_stored_in_clear(stack: Stack, trader: Trader) -> None:
    stored = contents(stack.data / "postgres") | contents(stack.data / "valkey")
    assert any(trader.account.encode() in text for text in stored.values())
    found = {path.name: [name for name, form in OTHERS.items() if form.search(text)] for path, text in stored.items()}
    assert {name: what for name, what in found.items() if what} == {}


def dumped(stack: Stack) -> bytes:
    return subprocess.run(
        [
            postgres_binaries.find().program("pg_dump"),
            *("--host=127.0.0.1", f"--port={stack.port_base + 32}", f"--username={SUPERUSER}", DATABASE),
        ],
        env={"PGPASSWORD": stack.secrets["AVIARY_POSTGRES_PASSWORD"]},
        capture_output=True,
        timeout=60,
        check=True,
    ).stdout


async def test_no_secret_is_in_a_dump_of_the_whole_database(
    stack: Stack, trader: Trader, login: tuple[str, str, str]
) -> None:
    await trader.place()
    dump = dumped(stack)
    assert trader.account.encode() in dump
    assert login[0].encode() in dump
    assert leaks(stack, dump) == []


async def test_no_secret_is_in_valkey(stack: Stack, login: tuple[str, str, str]) -> None:
    url = f"redis://:{stack.secrets['AVIARY_VALKEY_PASSWORD']}@127.0.0.1:{stack.port_base + 79}"
    cache = Redis.from_url(url)
    try:
        held = {key: [key, str(await _value(cache, key)).encode()] async for key in cache.scan_iter()}
    finally:
        await cache.aclose()
    assert any(key.startswith(b"login:") for key in held)
    assert {key: leaks(stack, b" ".join(texts)) for key, texts in held.items() if leaks(stack, b" ".join(texts))} == {}


async def _value(cache: Redis, key: bytes) -> Any:
    read = {
        b"string": lambda: cache.get(key),
        b"hash": lambda: cache.hgetall(key),
        b"list": lambda: cache.lrange(key, 0, -1),
        b"set": lambda: cache.smembers(key),
        b"zset": lambda: cache.zrange(key, 0, -1),
        b"stream": lambda: cache.xrange(key),
        b"none": lambda: cache.get(key),
    }
    return await read[await cache.type(key)]()


def needed(service: Service) -> set[str]:
    """The names of the secrets that a service works with, as its line in the topology says."""
    own = {
        "AVIARY_PASSWORD": service.login,
        "AVIARY_CONFIG_PASSWORD": service.config_password,
        f"AVIARY_DATABASE_PASSWORD_{service.schema}".upper(): service.schema,
        "AVIARY_VALKEY_PASSWORD": service.cache,
        f"AVIARY_NATS_PASSWORD_{service.name}".replace("-", "_").upper(): service.nats,
        "AVIARY_NATS_AUTH_PASSWORD": service.bots,
        "AVIARY_NATS_OPS_PASSWORD": service.bots,
        "AVIARY_NATS_CALLOUT_SEED": service.bots,
        "AVIARY_GATEWAY_PASSPHRASE": service is GATEWAY_PROXY,
    }
    return {name for name, is_needed in own.items() if is_needed}


def test_no_process_is_given_a_secret_that_it_does_not_need(stack: Stack) -> None:
    """Components, and whatever a service starts, are given none beyond what it has itself."""
    allowed = {service.name: needed(service) for service in SERVICES}
    beyond = {}
    looked_at = 0
    for part in stack.report().processes:
        name = re.sub(r"-\d+$", "", part.name)
        for pid in processes.family_of(part.pid) if part.pid else ():
            looked_at += 1
            found = set(leaks(stack, environment_of(pid))) - allowed.get(name, set())
            if found:
                beyond[part.name, pid] = found
    assert looked_at > 12
    assert beyond == {}


async def test_no_secret_is_in_what_docker_tells_of_a_bot(
    stack: Stack, client: httpx.AsyncClient, trader: Trader, bot_image: str, docker_client: DockerClient
) -> None:
    """But for the bot's own config password, which its image takes from the environment."""
    body = {"bot_name": "told", "script": "quiet_script", "credentials_profile": trader.account, "image": bot_image}
    deployed = await client.post("/bot-orchestration/deploy-v2-script", json=body)
    name = deployed.raise_for_status().json()["unique_instance_name"]
    try:
        told = json.dumps(docker_client.api.inspect_container(name)).encode()
        assert b"CONFIG_PASSWORD" in told
        assert leaks(stack, told) == []
    finally:
        await client.delete(f"/docker/containers/{name}")


def environment_of(pid: int) -> bytes:
    """Empty when the process has ended meanwhile."""
    try:
        return Path(f"/proc/{pid}/environ").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def test_everything_is_for_its_owner_only(stack: Stack) -> None:
    """What a bot's container writes is behind the door of its instance's folder."""
    inside = {each for instance in stack.data.glob("bots/instances/*") for each in instance.rglob("*")}
    files = [each for each in files_below(stack.data) if each not in inside]
    assert {str(each): oct(mode_of(each)) for each in files if mode_of(each) & 0o077} == {}
    folders = [each for each in stack.data.rglob("*") if each.is_dir() and each not in inside]
    assert {str(each): oct(mode_of(each)) for each in folders if mode_of(each) & 0o077} == {}
    assert mode_of(stack.data) in {0o700, 0o711}
    assert mode_of(stack.data / "secrets.env") == 0o600


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)
