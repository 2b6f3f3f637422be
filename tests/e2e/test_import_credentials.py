"""``aviary import-credentials``: an existing Hummingbot's folder becomes accounts and checked credentials."""

import os
import subprocess
import uuid
from pathlib import Path

import httpx
import pytest

from aviary_exchange.hummingbot_files import keyfile, write_connector_file, write_password_file
from tests.stack import AVIARY, Stack

pytestmark = pytest.mark.e2e

PASSWORD = "hummingbot's own"


class Folder:
    """``bots/credentials`` with keys of this test's own."""

    def __init__(self, root: Path) -> None:
        self.bots = root / "bots"
        self._mark = uuid.uuid4().hex[:12]

    def account(self, name: str) -> Path:
        folder = self.bots / "credentials" / f"{name}-{self._mark}"
        if not folder.exists():
            (folder / "connectors").mkdir(parents=True)
            write_password_file(folder, PASSWORD)
        return folder

    def add(self, account: str, connector: str, *, secret: str | None = None) -> Path:
        key = f"key-{uuid.uuid4().hex[:12]}"
        fields = {f"{connector}_api_key": key, f"{connector}_api_secret": secret or f"{key}-secret"}
        return write_connector_file(self.account(account) / "connectors", connector, fields, PASSWORD)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    monkeypatch.setattr(keyfile, "ITERATIONS", 1000)
    return Folder(tmp_path)


def run(stack: Stack, folder: Folder, *options: str, password: str = PASSWORD) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [AVIARY, "import-credentials", str(folder.bots / "credentials"), *options],
        env={
            **os.environ,
            "AVIARY_HOME": str(stack.home),
            "HUMMINGBOT_CONFIG_PASSWORD": password,
            "COLUMNS": "300",
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def rows(told: subprocess.CompletedProcess[str], account: Path) -> dict[str, str]:
    """What the table says of an account's connectors."""
    lines = [line.split(maxsplit=2) for line in told.stdout.splitlines() if line.startswith(f"{account.name} ")]
    return {connector: rest.strip() for _, connector, rest in lines}


async def listed(client: httpx.AsyncClient, account: Path) -> list[str] | None:
    answer = await client.get(f"/accounts/{account.name}/credentials")
    return answer.json() if answer.is_success else None


async def test_accounts_are_created_and_credentials_checked_and_added(
    stack: Stack, client: httpx.AsyncClient, folder: Folder
) -> None:
    folder.add("one", "sandbox")
    folder.add("one", "sandbox_perpetual")
    folder.add("two", "sandbox")
    told = run(stack, folder)
    assert told.returncode == 0, told.stdout + told.stderr
    assert rows(told, folder.account("one")) == {"sandbox": "imported", "sandbox_perpetual": "imported"}
    assert rows(told, folder.account("two")) == {"sandbox": "imported"}
    assert await listed(client, folder.account("one")) == ["sandbox", "sandbox_perpetual"]
    assert await listed(client, folder.account("two")) == ["sandbox"]


async def test_what_is_there_already_is_skipped_unless_it_should_be_replaced(stack: Stack, folder: Folder) -> None:
    folder.add("one", "sandbox")
    assert run(stack, folder).returncode == 0
    again = run(stack, folder)
    assert again.returncode == 0
    assert rows(again, folder.account("one"))["sandbox"].startswith("skipped")
    replaced = run(stack, folder, "--replace")
    assert rows(replaced, folder.account("one")) == {"sandbox": "imported"}


async def test_a_dry_run_opens_everything_and_adds_nothing(
    stack: Stack, client: httpx.AsyncClient, folder: Folder
) -> None:
    folder.add("one", "sandbox")
    told = run(stack, folder, "--dry-run")
    assert told.returncode == 0, told.stdout + told.stderr
    assert rows(told, folder.account("one")) == {"sandbox": "would be imported"}
    assert await listed(client, folder.account("one")) is None


async def test_refusals_are_told_one_by_one_and_the_rest_is_imported(
    stack: Stack, client: httpx.AsyncClient, folder: Folder
) -> None:
    folder.add("one", "sandbox", secret="not-the-right-one")
    folder.add("one", "sandbox_perpetual")
    connectors = folder.account("one") / "connectors"
    (connectors / "broken.yml").write_text("connector: binance\nbinance_api_key: left-unencrypted\n")
    (connectors / "unheard.yml").write_text("connector: unheard_of\n")
    folder.add("one", "binance").write_text(folder.add("one", "binance").read_text().rsplit("binance_api_secret", 1)[0])
    told = run(stack, folder)
    assert told.returncode == 1
    found = rows(told, folder.account("one"))
    assert "Signature for this request is not valid" in found["sandbox"]
    assert found["sandbox_perpetual"] == "imported"
    assert "There is no connector 'unheard_of'" in found["unheard"]
    assert "binance_api_secret is missing" in told.stdout
    assert "broken.yml, binance_api_key: this is not a value that Hummingbot has encrypted" in told.stdout
    assert await listed(client, folder.account("one")) == ["sandbox_perpetual"]
    assert "not-the-right-one" not in told.stdout + told.stderr
    assert "left-unencrypted" not in told.stdout + told.stderr


async def test_a_wrong_password_is_refused_before_anything_is_done(
    stack: Stack, client: httpx.AsyncClient, folder: Folder
) -> None:
    folder.add("one", "sandbox")
    told = run(stack, folder, password="another")
    assert told.returncode == 1
    assert ".password_verification" in told.stderr
    assert "not the password" in told.stderr
    assert await listed(client, folder.account("one")) is None


async def test_a_name_that_no_account_can_have_is_told(stack: Stack, folder: Folder) -> None:
    folder.add("bad name", "sandbox")
    told = run(stack, folder)
    assert told.returncode == 1
    assert "refused" in told.stdout


def test_a_folder_without_credentials_is_told(stack: Stack, folder: Folder) -> None:
    (folder.bots / "credentials").mkdir(parents=True)
    told = run(stack, folder)
    assert told.returncode == 1
    assert "<account>/connectors/<connector>.yml" in told.stderr


def test_without_a_running_stack_it_says_so(folder: Folder, tmp_path: Path) -> None:
    folder.add("one", "sandbox")
    home = tmp_path / "home"
    (home / ".aviary" / "run").mkdir(parents=True)
    told = run(Stack(home, 1, 1), folder)
    assert told.returncode == 1
    assert "not running" in told.stderr
