"""What the service sends through Gateway, and what it remembers of that: put together."""

import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

import httpx
from fastapi import APIRouter

from aviary_common.database.outbox import Outbox
from aviary_common.jobs import JobFigures
from aviary_common.runtime import Runtime
from aviary_gateway_proxy.amm import api as amm_api
from aviary_gateway_proxy.amm import project as amm_project
from aviary_gateway_proxy.amm.search import AmmHistory
from aviary_gateway_proxy.amm.service import AmmLiquidity, Parts
from aviary_gateway_proxy.chains import witness as chain_witness
from aviary_gateway_proxy.chains.polling import Polling
from aviary_gateway_proxy.chains.sending import ChainSending
from aviary_gateway_proxy.clmm import api as clmm_api
from aviary_gateway_proxy.clmm import project
from aviary_gateway_proxy.clmm.allowances import Allowances
from aviary_gateway_proxy.clmm.owned import OwnedPositions
from aviary_gateway_proxy.clmm.read import PositionReader
from aviary_gateway_proxy.clmm.refresh import Refresher
from aviary_gateway_proxy.clmm.search import PositionHistory
from aviary_gateway_proxy.clmm.service import Liquidity
from aviary_gateway_proxy.clmm.subject import Subjects
from aviary_gateway_proxy.clmm.witness import ClmmMemory, ClmmWitness, by_balances
from aviary_gateway_proxy.places import Places
from aviary_gateway_proxy.reading import Reading
from aviary_gateway_proxy.settings import GatewayProxySettings
from aviary_gateway_proxy.swaps import api as swaps_api
from aviary_gateway_proxy.swaps import record as swap_record
from aviary_gateway_proxy.swaps.search import SwapHistory
from aviary_gateway_proxy.swaps.service import Swaps
from aviary_gateway_proxy.transactions import api as transactions_api
from aviary_gateway_proxy.transactions.chains import ChainNodes
from aviary_gateway_proxy.transactions.follow import Follower
from aviary_gateway_proxy.transactions.poller import Poller
from aviary_gateway_proxy.transactions.record import TxKind
from aviary_gateway_proxy.transactions.recorder import QUEUE, Projection, Recorder
from aviary_gateway_proxy.transactions.recover import Recovery, Witness
from aviary_gateway_proxy.transactions.send import Sender
from aviary_gateway_proxy.transactions.service import Transactions
from aviary_gateway_proxy.transactions.states import TxState
from aviary_gateway_proxy.transactions.tables import IS_UNFINISHED, transaction
from aviary_gateway_proxy.upstream.client import Gateway

ROUTERS: Final[tuple[APIRouter, ...]] = (
    transactions_api.router,
    swaps_api.router,
    clmm_api.router,
    amm_api.router,
)
SHARES: Final = (TxKind.AMM_ADD, TxKind.AMM_REMOVE)
POSITIONS: Final = (
    TxKind.OPEN,
    TxKind.ADD,
    TxKind.REMOVE,
    TxKind.COLLECT,
    TxKind.CLOSE,
)
PROJECTIONS: Final[Mapping[TxKind, Projection]] = {
    TxKind.SWAP: swap_record.record,
    **dict.fromkeys(POSITIONS, project.record),
    **dict.fromkeys(SHARES, amm_project.record),
}


@dataclass(frozen=True)
class Sending:
    """Each part is also what the routes find under its name in the app's state."""

    transactions: Transactions
    swaps: Swaps
    swap_history: SwapHistory
    liquidity: Liquidity
    owned_positions: OwnedPositions
    position_history: PositionHistory
    amm_liquidity: AmmLiquidity
    amm_history: AmmHistory
    chain_sending: ChainSending
    chain_polling: Polling


@asynccontextmanager
async def open_sending(
    gateway: Gateway, reading: Reading, runtime: Runtime, events: Outbox, settings: GatewayProxySettings
) -> AsyncIterator[Sending]:
    """Starts the poller too."""
    pace, deadline_s, owner = settings.transaction_pace, settings.gateway_send_deadline_s, secrets.token_hex(8)
    async with httpx.AsyncClient(timeout=settings.gateway_node_deadline_s) as client:
        chains = ChainNodes(gateway, reading.chain_defaults, settings, client, settings.gateway_lists_max_age_s)
        reader = PositionReader(gateway, reading.nodes)
        memory, clmm_witness = ClmmMemory(reader), ClmmWitness(reader)
        recorder = Recorder(runtime.database, events, PROJECTIONS, pace, owner)
        sender = Sender(gateway, chains, recorder, dict.fromkeys(POSITIONS, memory), pace, deadline_s)
        witnesses: dict[TxKind, Witness] = {
            TxKind.SWAP: swap_record.witness,
            **dict.fromkeys(POSITIONS, clmm_witness),
            **dict.fromkeys(SHARES, by_balances),
        }
        witnesses |= dict.fromkeys((TxKind.WRAP, TxKind.UNWRAP), chain_witness.wrapping)
        witnesses[TxKind.APPROVE] = chain_witness.ApprovalWitness(gateway)
        recovery = Recovery(chains, witnesses, pace, deadline_s)
        follower = Follower(gateway, chains, recorder, recovery, runtime.leases, pace, deadline_s)
        poller = Poller(recorder, follower, runtime.leases, owner, pace)
        transactions = Transactions(sender, recorder, follower)
        subjects = Subjects(reading.pools, reading.tokens, reader, runtime.database)
        places, database, allowances = Places(runtime.cache), runtime.database, Allowances(gateway)
        parts = Parts(gateway, reading.directory, reading.nodes, subjects, chains, allowances, transactions, database)
        counted = JobFigures(
            QUEUE, transaction, transaction.c.state, waiting=[TxState.PENDING.value], unfinished=IS_UNFINISHED
        )
        counted.register(runtime.figures, database)
        runtime.tasks.supervise("gateway-sender", poller.live_forever)
        runtime.tasks.supervise("gateway-transactions", poller.follow_forever)
        yield Sending(
            chain_sending=ChainSending(
                reading.chains, reading.tokens, reading.nodes, reading.chain_defaults, transactions
            ),
            chain_polling=Polling(gateway, reading.nodes, chains),
            transactions=transactions,
            swaps=Swaps(gateway, reading.directory, reading.tokens, chains, transactions),
            swap_history=SwapHistory(database, places),
            liquidity=Liquidity(gateway, subjects, chains, allowances, transactions, database),
            owned_positions=OwnedPositions(reader, reading.pools, subjects, chains, database),
            position_history=PositionHistory(database, places, Refresher(reader, reading.nodes, database)),
            amm_liquidity=AmmLiquidity(parts),
            amm_history=AmmHistory(database, places),
        )
        await runtime.tasks.close()
