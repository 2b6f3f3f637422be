"""The launcher's part in a new config password: the file, the rights, and processes renewed without a gap."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nats
import pytest
from nats.aio.msg import Msg
from nats.errors import TimeoutError as NatsTimeout

from aviary_local import control, secrets
from aviary_local.environment import World, of
from aviary_local.errors import LaunchError, WeakPassword
from aviary_local.home import Home
from aviary_local.logs import Journal
from aviary_local.nats import OPERATOR_USER
from aviary_local.operator_bus import operator_bus
from aviary_local.ports import Ports
from aviary_local.testing import Servers
from aviary_local.topology import ACCOUNTS, MARKET_DATA
from aviary_testing.waiting import eventually

Until = Callable[[Callable[[], object]], None]
NEW = "aNewConfigPassword123"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "secrets.env"
    secrets.load(path, {})
    return path


def test_both_passwords_are_kept_until_the_end_and_nothing_else_changes(file: Path) -> None:
    before = secrets.load(file, {})
    secrets.begin_rotation(file, NEW)
    during = secrets.load(file, {})
    assert (during.config_password, during.old_config_password) == (NEW, before.config_password)
    assert during.without_old_config_password().old_config_password is None
    secrets.end_rotation(file)
    after = secrets.load(file, {})
    assert after.values == {**before.values, "AVIARY_CONFIG_PASSWORD": NEW}


def test_a_password_is_made_when_none_is_chosen(file: Path) -> None:
    before = secrets.load(file, {}).config_password
    secrets.begin_rotation(file, None)
    made = secrets.load(file, {})
    assert made.config_password != made.old_config_password == before
    assert len(made.config_password) >= 20


@pytest.mark.parametrize("unfit", ["short", "password1234", "a line\nand more", " leading space and more"])
def test_an_unfit_password_is_refused_and_the_file_stays(file: Path, unfit: str) -> None:
    before = file.read_text()
    with pytest.raises(WeakPassword):
        secrets.begin_rotation(file, unfit)
    assert file.read_text() == before


def test_only_who_opens_credentials_is_told_and_nobody_from_outside(real_servers: Servers) -> None:
    made = secrets.in_memory()
    rotating = secrets.Secrets({**made.values, "AVIARY_CONFIG_PASSWORD_OLD": "theOldOne"})
    parts: Any = (real_servers._postgres, real_servers._valkey, real_servers._nats)
    outside = {"AVIARY_CONFIG_PASSWORD_OLD": "from outside", "AVIARY_CONFIG_PASSWORD": "from outside"}
    world = World(Ports(), rotating, *parts, Home(Path("/nowhere")), outside)
    assert of(ACCOUNTS, 0, world)["AVIARY_CONFIG_PASSWORD_OLD"] == "theOldOne"
    assert "AVIARY_CONFIG_PASSWORD_OLD" not in of(MARKET_DATA, 0, world)
    settled = World(Ports(), made, *parts, Home(Path("/nowhere")), outside)
    assert "AVIARY_CONFIG_PASSWORD_OLD" not in of(ACCOUNTS, 0, settled)


def test_a_new_secret_is_kept_out_of_the_logs_as_well_as_the_old_one(tmp_path: Path) -> None:
    journal = Journal(tmp_path, ["theOldOne"])
    journal.confide([NEW])
    journal.write("accounts", f"theOldOne and {NEW}")
    journal.close()
    assert (tmp_path / "accounts.log").read_text() == "*** and ***\n"


async def test_the_operator_may_ask_for_wrapping_and_for_nothing_else(real_servers: Servers) -> None:
    complaints: list[Exception] = []

    async def complain(error: Exception) -> None:
        complaints.append(error)

    async def answer(message: Msg) -> None:
        await message.respond(b"{}")

    user, password = real_servers.nats_user("accounts")
    accounts = await nats.connect(real_servers.nats_servers, user=user, password=password)
    for subject in ("rpc.accounts.rewrap", "rpc.accounts.credential"):
        await accounts.subscribe(subject, cb=answer)
    await accounts.flush()
    operator = await nats.connect(
        real_servers.nats_servers,
        user=OPERATOR_USER,
        password=real_servers.secrets.nats_operator_password,
        inbox_prefix=b"_INBOX.operator",
        error_cb=complain,
    )
    assert (await operator.request("rpc.accounts.rewrap", b"", timeout=2)).data == b"{}"
    with pytest.raises(NatsTimeout):
        await operator.request("rpc.accounts.credential", b"", timeout=0.5)
    await operator.subscribe("aviary.>")
    await operator.flush()
    for kind in ("publish", "subscription"):
        await eventually(lambda kind=kind: any(kind in str(each).lower() for each in complaints))
    await operator.close()
    await accounts.close()


async def test_the_operators_bus_connects(real_servers: Servers) -> None:
    async with operator_bus(real_servers.nats.port, real_servers.secrets) as bus:
        await bus.ping()


class Asker:
    """Asks through the edge all the time."""

    def __init__(self, stack: Any) -> None:
        self._stack = stack
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._ask)
        self.answers: set[tuple[int, str]] = set()
        self.ports: set[int] = set()

    def __enter__(self) -> "Asker":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _ask(self) -> None:
        while not self._over.is_set():
            answer = self._stack.get("/trading/x")
            content = answer.json()
            self.answers.add((answer.status_code, content.get("service", "nobody")))
            self.ports.add(content.get("port", 0))


@pytest.mark.parametrize("replicas", [1, 2])
def test_every_replica_is_renewed_and_no_request_notices(stack: Any, until: Until, replicas: int) -> None:
    stack.launch("--scale", f"trading={replicas}")
    until(stack.is_ready)
    until(lambda: stack.get("/trading/x").status_code == 200)
    before = stack.pids()
    secrets.begin_rotation(stack.home.secrets, NEW)
    with Asker(stack) as asker:
        control.ask(stack.home, "renew", 60, service="trading", with_old_config_password=True)
    assert asker.answers == {(200, "trading")}
    assert len(asker.ports) == replicas + 1
    after = stack.pids()
    assert after.keys() == before.keys()
    renewed = {name for name in before if before[name] != after[name]}
    assert renewed == {"trading", *(f"trading-{number}" for number in range(2, replicas + 1))}
    with open(f"/proc/{after['trading']}/environ") as file:  # noqa: PTH123
        environment = file.read().split("\0")
    assert f"AVIARY_CONFIG_PASSWORD={NEW}" in environment
    assert any(entry.startswith("AVIARY_CONFIG_PASSWORD_OLD=") for entry in environment)


def test_a_service_that_cannot_start_again_is_told_and_its_running_replica_stays(
    stack: Any, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fake launcher waits a shorter time for what will not become ready."""
    broken = stack.home.root / "broken"
    stack.environment |= {"AVIARY_FAKE_BROKEN": str(broken), "AVIARY_FAKE_READY_TIMEOUT_S": "2"}
    stack.launch()
    until(stack.is_ready)
    before = stack.pids()
    broken.touch()
    with pytest.raises(LaunchError, match="trading did not become ready"):
        control.ask(stack.home, "renew", 60, service="trading", with_old_config_password=True)
    assert stack.pids() == before
    until(lambda: stack.get("/trading/x").status_code == 200)
    broken.unlink()
    control.ask(stack.home, "renew", 60, service="trading", with_old_config_password=True)
    assert stack.pids()["trading"] != before["trading"]
