"""After all the other tests (the files run in order of their names): no secret came out."""

import re
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from aviary_testing.waiting import eventually
from tests.e2e.trader import Trader
from tests.stack import Stack

pytestmark = pytest.mark.e2e

PUBLIC = {"AVIARY_USERNAME", "AVIARY_NATS_CALLOUT_ISSUER"}
API_SECRET = re.compile(rb"(key-[0-9a-f]{12}|demo)-secret")
"""Of the keys that these tests use."""


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
    return [*made, *(["an API secret"] if API_SECRET.search(text) else [])]


async def test_the_secrets_would_be_found(stack: Stack, trader: Trader) -> None:
    assert leaks(stack, stack.login[1].encode()) == ["AVIARY_PASSWORD"]
    assert leaks(stack, trader.secret.encode()) == ["an API secret"]


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


async def test_no_api_secret_is_stored_in_clear(stack: Stack, trader: Trader) -> None:
    stored = contents(stack.data / "postgres") | contents(stack.data / "valkey")
    assert any(trader.account.encode() in text for text in stored.values())
    assert [path.name for path, text in stored.items() if API_SECRET.search(text)] == []


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
