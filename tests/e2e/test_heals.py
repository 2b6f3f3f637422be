"""``kill -9`` of any one process is healed without hands, and nothing that was accepted is lost."""

import asyncio
import os
import signal

import httpx
import pytest

from aviary_local import state
from aviary_local.topology import COMPONENTS, SERVICES
from aviary_testing.waiting import eventually
from tests.e2e.order_flow import orders_flowing
from tests.e2e.trader import Trader
from tests.stack import Stack, running_stack, wait_for

pytestmark = pytest.mark.e2e

PARTS = [each.name for each in (*COMPONENTS, *SERVICES)]
SAYS_UNAVAILABLE = {503, 504}
WITHOUT_ROUTES = "404 page not found"
"""What Traefik itself says in the moment between listening and having read its routes."""


def test_these_are_all_the_parts_there_are(stack: Stack) -> None:
    status = stack.status()
    assert {each["name"] for each in status["processes"]} == set(PARTS)
    assert status["ready"]


@pytest.mark.parametrize("part", PARTS)
async def test_a_killed_part_comes_back_and_no_order_is_lost(stack: Stack, trader: Trader, part: str) -> None:
    async with orders_flowing(trader) as flow:
        await eventually(lambda: flow.has_accepted(5))
        killed = stack.kill(part)
        await asyncio.to_thread(stack.wait_until_ready, but_not=killed)
        flow.mark()
        await eventually(lambda: flow.has_accepted(5))

    if part == "traefik":
        assert {answer.text.strip() for answer in flow.refused} <= {WITHOUT_ROUTES}
    else:
        assert not flow.unanswered
        for answer in flow.refused:
            assert answer.status_code in SAYS_UNAVAILABLE, f"{answer.status_code}: {answer.text}"
            assert answer.headers["content-type"] == "application/json", answer.text
            assert answer.json()["detail"]
    await eventually(trader.agrees, within_s=40)
    assert flow.accepted <= (await trader.orders()).keys()

    placed = await trader.place(client_order_id="afterwards")
    assert placed.status_code == 201, placed.text
    assert (await trader.cancel("afterwards")).status_code == 200
    assert await trader.status("afterwards") == "CANCELLED"


def test_a_killed_launcher_leaves_nothing_and_the_next_start_has_the_data(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with running_stack(tmp_path_factory.mktemp("second")) as stack:
        with httpx.Client(base_url=stack.url, auth=stack.login, timeout=30) as client:
            client.post("/accounts/add-account", json={"account_name": "kept"}).raise_for_status()
        pids = stack.pids()
        os.kill(stack.report().pid, signal.SIGKILL)
        wait_for(lambda: not [pid for pid in pids if _is_alive(pid)], "processes were left over", 15)

        stack.run("up", "--detach")
        assert not set(stack.pids()) & set(pids)
        with httpx.Client(base_url=stack.url, auth=stack.login, timeout=30) as client:
            assert "kept" in client.get("/accounts").json()


def _is_alive(pid: int) -> bool:
    return state.born(pid) is not None
