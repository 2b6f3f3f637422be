"""The ``aviary`` command on a running stack."""

from pathlib import Path

import pytest

from tests.e2e.trader import Trader
from tests.stack import Stack

pytestmark = pytest.mark.e2e


def test_doctor_finds_nothing_wrong(stack: Stack) -> None:
    told = stack.run("doctor", check=False)
    assert told.returncode == 0, told.stdout
    for each in stack.report().processes:
        assert f"answers on {each.port}" in told.stdout


def test_logs_shows_the_last_lines_of_one_service(stack: Stack) -> None:
    lines = stack.run("logs", "accounts", "-n", "5").stdout.splitlines()
    assert 1 <= len(lines) <= 5
    assert all(line.startswith("accounts ") for line in lines)


def test_logs_of_what_does_not_exist_is_refused_naming_what_does(stack: Stack) -> None:
    told = stack.run("logs", "nobody", check=False)
    assert told.returncode == 1
    assert "accounts" in told.stderr
    assert "Traceback" not in told.stderr


def test_status_tells_everything_and_what_it_costs(stack: Stack) -> None:
    status = stack.status()
    assert status["ready"]
    assert all(each["state"] == "ready" and each["memory_bytes"] > 0 for each in status["processes"])


def test_a_second_start_is_refused_and_harms_nothing(stack: Stack) -> None:
    before = [each.pid for each in stack.report().processes]
    told = stack.run("up", "--detach", check=False)
    assert told.returncode == 1
    assert "already running" in told.stderr
    assert [each.pid for each in stack.report().processes] == before


def test_a_wish_that_cannot_be_granted_is_refused(stack: Stack) -> None:
    for wish in ("nobody=2", "trading=0", "trading=many", "sandbox-exchange=2"):
        told = stack.run("up", "--scale", wish, check=False)
        assert told.returncode == 1, wish
        assert "Traceback" not in told.stderr


async def test_panic_halts_and_clears_an_account_until_it_is_released(stack: Stack, trader: Trader) -> None:
    assert (await trader.place(client_order_id="to-be-cleared")).status_code == 201
    told = stack.run("panic", "--account", trader.account, check=False)
    assert told.returncode == 0, told.stdout + told.stderr
    assert trader.account in told.stdout
    assert await trader.status("to-be-cleared") == "CANCELLED"
    assert (await trader.place()).json()["code"] == "trading_halted"
    assert trader.account in stack.run("panic", "--account", trader.account, "--release").stdout
    assert (await trader.place()).status_code == 201


def test_panic_for_nobody_is_refused_plainly(stack: Stack) -> None:
    told = stack.run("panic", "--account", "nobody", check=False)
    assert told.returncode == 1
    assert "nobody" in told.stderr
    assert "Traceback" not in told.stderr


def test_commands_reach_a_stack_that_is_not_this_checkouts(stack: Stack, tmp_path: Path) -> None:
    elsewhere = {"AVIARY_HOME": str(tmp_path), "AVIARY_URL": stack.url}
    told = stack.run("panic", check=False, settings=elsewhere)
    assert told.returncode == 1
    assert "AVIARY_USERNAME is not set" in told.stderr
    login = {"AVIARY_USERNAME": stack.login[0], "AVIARY_PASSWORD": stack.login[1]}
    assert "Nothing was halted" in stack.run("panic", "--release", settings={**elsewhere, **login}).stdout
