"""Looks at transactions that have a hash: frugal with Gateway, and sure before anything is called dropped."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, text

from aviary_testing.waiting import eventually
from tests.gateway_peer.chain.transactions import End, Fate

from ..trader import Trader

GROW_OLD = text(
    "update gateway_transaction set sent_at = sent_at - :by, created_at = created_at - :by, look_at = now()"
)


def grow_old(records: Engine, by: timedelta) -> None:
    with records.begin() as connection:
        connection.execute(GROW_OLD, {"by": by})


async def held(trader: Trader, **fate: object) -> str:
    await trader.peer.next_transactions(Fate(held=True, **fate))
    key: str = (await trader.swap()).json()["transaction_hash"]
    return key


async def test_what_no_node_knows_is_dropped_at_an_age(trader: Trader, records: Engine) -> None:
    key = await held(trader, end=End.DROPPED)
    await trader.peer.finish(key)
    assert await trader.state(key) == "SUBMITTED"
    grow_old(records, timedelta(minutes=61))
    assert await trader.state(key) == "DROPPED"
    assert (await trader.swaps())[0]["status"] == "FAILED"


async def test_what_waits_in_the_mempool_is_not_dropped_at_any_age(trader: Trader, records: Engine) -> None:
    key = await held(trader, low_fee=True)
    grow_old(records, timedelta(days=2))
    assert await trader.state(key) == "SUBMITTED"
    await trader.peer.finish(key)
    assert await trader.state(key) == "CONFIRMED"


async def test_a_dead_node_ends_nothing(trader: Trader, records: Engine) -> None:
    key = await held(trader, end=End.REVERTED)
    await trader.peer.finish(key)
    await trader.peer.links(node="error")
    grow_old(records, timedelta(days=2))
    assert await trader.state(key) == "SUBMITTED"
    await trader.peer.links(node="alive")
    assert await trader.state(key) == "REVERTED"


async def test_following_asks_the_chains_node_and_not_gateway(trader: Trader) -> None:
    """Only its configuration, which is kept for a minute where tests do not forbid it."""
    key = await held(trader)
    await trader.peer.control("DELETE", "/requests")
    for _ in range(5):
        assert await trader.state(key) == "SUBMITTED"
    asked = {each["path"] for each in await trader.peer.requests()}
    assert asked <= {"/config"}


@pytest.mark.parametrize("key", ["12345678", "0x" + "f" * 64, "5" * 88])
async def test_an_unknown_transaction_is_not_found(trader: Trader, key: str) -> None:
    answer = await trader.api.get(f"/gateway/transactions/{key}")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_transaction")


async def test_the_poller_confirms_without_being_asked(trader: Trader, records: Engine) -> None:
    key = await held(trader)
    await trader.peer.finish(key)
    await eventually(lambda: _stored(records) == "CONFIRMED")


def _stored(records: Engine) -> str:
    with records.connect() as connection:
        return str(connection.execute(text("select state from gateway_transaction")).scalar_one())
