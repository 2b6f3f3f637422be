"""``/chains/ethereum`` and ``/chains/solana``: what Gateway says of a chain."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request, Response

from aviary_common.errors import BadRequest, NotFound
from aviary_common.http.document import refusals
from aviary_gateway_proxy.addresses import ETHEREUM, SOLANA
from aviary_gateway_proxy.chains.polling import Polling
from aviary_gateway_proxy.chains.schemas import (
    AllowancesAsked,
    AllowancesOut,
    ApproveAsked,
    BalancesAsked,
    BalancesOut,
    ChainStatusOut,
    GasOut,
    OnNetwork,
    PollAsked,
    PollOut,
    SentOut,
    WrapAsked,
)
from aviary_gateway_proxy.chains.sending import ChainSending
from aviary_gateway_proxy.chains.service import Chains
from aviary_gateway_proxy.transactions.api import mark

router = APIRouter(prefix="/chains", tags=["Chains"])

UNKNOWN: Final[dict[int | str, dict[str, Any]]] = {
    202: {"model": SentOut, "description": "What has become of it is being found out"}
}


async def chains_of(request: Request) -> Chains:
    chains: Chains = request.app.state.chains
    return chains


async def polling_of(request: Request) -> Polling:
    polling: Polling = request.app.state.chain_polling
    return polling


async def sending_of(request: Request) -> ChainSending:
    sending: ChainSending = request.app.state.chain_sending
    return sending


ChainsDep = Annotated[Chains, Depends(chains_of)]
PollingDep = Annotated[Polling, Depends(polling_of)]
SendingDep = Annotated[ChainSending, Depends(sending_of)]
NetworkDep = Annotated[OnNetwork, Query()]


@router.get("/ethereum/status", operation_id="get_ethereum_status", responses=refusals(BadRequest, NotFound))
async def ethereum_status(asked: NetworkDep, chains: ChainsDep) -> ChainStatusOut:
    """The chain's last block and its node; 503 when the node does not answer."""
    return ChainStatusOut.model_validate(await chains.status(await chains.where(ETHEREUM, asked)))


@router.get("/solana/status", operation_id="get_solana_status", responses=refusals(BadRequest, NotFound))
async def solana_status(asked: NetworkDep, chains: ChainsDep) -> ChainStatusOut:
    """The chain's last block and its node; 503 when the node does not answer."""
    return ChainStatusOut.model_validate(await chains.status(await chains.where(SOLANA, asked)))


@router.get("/ethereum/estimate-gas", operation_id="estimate_ethereum_gas", responses=refusals(BadRequest, NotFound))
async def ethereum_gas(asked: NetworkDep, chains: ChainsDep) -> GasOut:
    """What a transaction costs now."""
    return GasOut.model_validate(await chains.estimate_gas(await chains.where(ETHEREUM, asked)))


@router.get("/solana/estimate-gas", operation_id="estimate_solana_gas", responses=refusals(BadRequest, NotFound))
async def solana_gas(asked: NetworkDep, chains: ChainsDep) -> GasOut:
    """What a transaction costs now."""
    return GasOut.model_validate(await chains.estimate_gas(await chains.where(SOLANA, asked)))


@router.post("/ethereum/balances", operation_id="get_ethereum_balances", responses=refusals(NotFound))
async def ethereum_balances(asked: BalancesAsked, chains: ChainsDep) -> BalancesOut:
    """What a wallet holds, of some tokens or of all in the list."""
    return BalancesOut.model_validate(await chains.balances(await chains.where(ETHEREUM, asked), asked))


@router.post("/solana/balances", operation_id="get_solana_balances", responses=refusals(NotFound))
async def solana_balances(asked: BalancesAsked, chains: ChainsDep) -> BalancesOut:
    """What a wallet holds, of some tokens or of all in the list."""
    return BalancesOut.model_validate(await chains.balances(await chains.where(SOLANA, asked), asked))


@router.post("/ethereum/poll", operation_id="poll_ethereum_transaction", responses=refusals(NotFound))
async def ethereum_poll(asked: PollAsked, chains: ChainsDep, polling: PollingDep) -> PollOut:
    """What became of a transaction; a reverted one has failed."""
    return PollOut.model_validate(await polling.poll(await chains.where(ETHEREUM, asked), asked))


@router.post("/solana/poll", operation_id="poll_solana_transaction", responses=refusals(NotFound))
async def solana_poll(asked: PollAsked, chains: ChainsDep, polling: PollingDep) -> PollOut:
    """What became of a transaction."""
    return PollOut.model_validate(await polling.poll(await chains.where(SOLANA, asked), asked))


@router.post("/ethereum/allowances", operation_id="get_ethereum_allowances", responses=refusals(NotFound))
async def ethereum_allowances(asked: AllowancesAsked, chains: ChainsDep) -> AllowancesOut:
    """How much of a wallet's tokens a spender may take."""
    return AllowancesOut.model_validate(await chains.allowances(await chains.where(ETHEREUM, asked), asked))


@router.post("/ethereum/approve", operation_id="approve_ethereum_token", responses=UNKNOWN | refusals(NotFound))
async def ethereum_approve(asked: ApproveAsked, sending: SendingDep, response: Response) -> SentOut:
    """Let a spender take some of a wallet's tokens, or any number of them when no amount is given."""
    return SentOut.of(mark(response, await sending.approve(asked)))


@router.post("/ethereum/wrap", operation_id="wrap_ethereum", responses=UNKNOWN | refusals(NotFound))
async def ethereum_wrap(asked: WrapAsked, sending: SendingDep, response: Response) -> SentOut:
    """Exchange the chain's own currency for its token, one for one."""
    return SentOut.of(mark(response, await sending.wrap(asked)))


@router.post("/ethereum/unwrap", operation_id="unwrap_ethereum", responses=UNKNOWN | refusals(NotFound))
async def ethereum_unwrap(asked: WrapAsked, sending: SendingDep, response: Response) -> SentOut:
    """Exchange the token back for the chain's own currency."""
    return SentOut.of(mark(response, await sending.unwrap(asked)))
