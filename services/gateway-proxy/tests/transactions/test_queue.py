"""One transaction of a wallet at a time, in order, and not for ever."""

import asyncio
from functools import partial

from sqlalchemy import Engine, text

from aviary_testing.waiting import eventually
from tests.gateway_peer.chain.transactions import Fate

from ..trader import Trader, new_trader


async def test_who_waits_too_long_is_told_and_nothing_was_sent(trader: Trader) -> None:
    await trader.peer.next_transactions(Fate(held=True))
    first = await trader.swap()
    answer = await trader.swap(amount="0.2")
    assert (answer.status_code, answer.json()["code"]) == (429, "wallet_busy")
    assert int(answer.headers["retry-after"]) > 0
    assert len(await trader.peer.requests("/connectors/uniswap/router/execute-swap")) == 1
    await trader.peer.finish()
    assert (await trader.swap(amount="0.2")).status_code == 200
    assert await trader.state(first.json()["transaction_hash"]) == "CONFIRMED"


async def test_too_many_that_wait_are_refused_at_once(trader: Trader) -> None:
    await trader.peer.next_transactions(Fate(held=True))
    await trader.swap()
    answers = await asyncio.gather(*(trader.swap(amount="0.01") for _ in range(20)))
    assert {answer.status_code for answer in answers} == {429}
    assert sum("too many" in answer.json()["detail"] for answer in answers) >= 3


async def test_they_are_sent_in_the_order_in_which_they_came(trader: Trader, records: Engine) -> None:
    await trader.peer.next_transactions(Fate(held=True))
    await trader.swap()
    waiting = []
    for number in range(1, 4):
        waiting.append(asyncio.create_task(trader.swap(amount=f"0.{number}")))
        await eventually(partial(_waiting, records, number))
    await trader.peer.finish()
    assert [answer.status_code for answer in await asyncio.gather(*waiting)] == [200, 200, 200]
    asked = await trader.peer.requests("/connectors/uniswap/router/execute-swap")
    assert [each["body"]["amount"] for each in asked] == ["0.1", "0.1", "0.2", "0.3"]


async def test_another_wallet_does_not_wait(trader: Trader) -> None:
    other = await new_trader(trader.api, trader.peer)
    await trader.peer.next_transactions(Fate(held=True))
    await trader.swap()
    assert (await other.swap()).json()["state"] == "CONFIRMED"


def _waiting(records: Engine, number: int) -> bool:
    with records.connect() as connection:
        query = text("select count(*) from gateway_transaction where state = 'PENDING'")
        return connection.execute(query).scalar_one() == number
