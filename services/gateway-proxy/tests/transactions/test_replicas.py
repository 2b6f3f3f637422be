"""What a replica leaves behind when it is killed, others take up."""

import asyncio
from collections.abc import AsyncIterator, Mapping

import httpx
import pytest
from sqlalchemy import Engine, text

from aviary_testing.served import Served, served
from aviary_testing.waiting import eventually

from ..trader import Trader

SWAP = "/connectors/uniswap/router/execute-swap"


@pytest.fixture
async def other_replica(variables: Mapping[str, str]) -> AsyncIterator[Served]:
    async with served("aviary_gateway_proxy", {**variables, "AVIARY_LEASE_TTL_S": "1"}) as running:
        yield running


async def test_what_was_being_sent_by_a_killed_replica_is_found_again(
    trader: Trader, other_replica: Served, variables: Mapping[str, str], records: Engine
) -> None:
    await trader.peer.next_answer(SWAP, delay_s=60)
    login = httpx.BasicAuth(variables["AVIARY_USERNAME"], variables["AVIARY_PASSWORD"])
    async with httpx.AsyncClient(base_url=other_replica.url, auth=login, timeout=30) as client:
        before = len(await trader.peer.transactions())
        asking = asyncio.create_task(Trader(client, trader.peer, trader.address).swap())
        await eventually(lambda: _more_than(trader, before))
        other_replica.kill()
        with pytest.raises(httpx.TransportError):
            await asking
    with records.connect() as connection:
        (own,) = connection.scalars(text("select id from gateway_transaction")).all()
    await eventually(lambda: _is(trader, str(own), "CONFIRMED"))
    (row,) = await trader.swaps()
    assert (row["status"], row["input_amount"]) == ("CONFIRMED", 0.1)
    assert len(await trader.peer.requests(SWAP)) <= 1


async def test_what_waited_in_a_killed_replica_was_never_sent(trader: Trader, records: Engine) -> None:
    """It holds up nobody."""
    with records.begin() as connection:
        waiting = connection.execute(WAITING, {"wallet": trader.address}).scalar_one()
    assert (await trader.swap()).status_code == 200
    await eventually(lambda: _is(trader, str(waiting), "REJECTED"))
    assert len(await trader.peer.requests(SWAP)) == 1


async def test_two_replicas_send_for_one_wallet_one_after_the_other(
    trader: Trader, other_replica: Served, variables: Mapping[str, str]
) -> None:
    await trader.peer.timing(send_s=0.2)
    login = httpx.BasicAuth(variables["AVIARY_USERNAME"], variables["AVIARY_PASSWORD"])
    async with httpx.AsyncClient(base_url=other_replica.url, auth=login, timeout=30) as client:
        other = Trader(client, trader.peer, trader.address)
        answers = await asyncio.gather(*(each.swap(amount="0.1") for each in (trader, other, trader, other)))
    assert [answer.status_code for answer in answers] == [200] * 4, [answer.text for answer in answers]
    assert all(row["status"] == "CONFIRMED" for row in await trader.swaps())


WAITING = text(
    """
    insert into gateway_transaction (
        kind, chain, network, connector, wallet, path, request, about, before, state, in_flight, answered, owner,
        created_at, expires_at, look_at
    ) values (
        'swap', 'ethereum', 'mainnet', 'uniswap', :wallet, '/', '{}', '{}', '{}', 'PENDING', false, false, 'dead',
        now(), now() + interval '1 hour', now()
    ) returning id
    """
)


async def _more_than(trader: Trader, number: int) -> bool:
    return len(await trader.peer.transactions()) > number


async def _is(trader: Trader, key: str, state: str) -> bool:
    return await trader.state(key) == state
