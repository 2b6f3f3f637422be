"""What Gateway does with an EVM chain itself: status, balances, polling, allowances, wrapping."""

import asyncio
from decimal import Decimal, InvalidOperation
from functools import partial

from tests.gateway_peer.chain.ledger import Allowance, Ledger
from tests.gateway_peer.chain.network import Network
from tests.gateway_peer.chain.tokens import MAX_UINT160, MAX_UINT256, NATIVE, PERMIT2, SPENDERS, Token
from tests.gateway_peer.chain.transactions import GAS_PRICE_WEI, GAS_USED, Transaction
from tests.gateway_peer.dex import allowances as permits
from tests.gateway_peer.errors import BadRequest, GatewayError, Internal
from tests.gateway_peer.listings import native
from tests.gateway_peer.schemas import Allowances, Approve, Balances, OnNetwork, Poll, Wrap
from tests.gateway_peer.sending import NO_RECEIPT, answer, confirm, fee_text, require_rpc, signer
from tests.gateway_peer.world import World

GRANT_S = 48 * 3600
ZERO_HASH = "0x" + "0" * 64


def status(world: World, asked: OnNetwork) -> dict[str, object]:
    """A dead RPC is block 0."""
    network = world.evm(asked.network)
    return {
        "chain": "ethereum",
        "network": network.name,
        "rpcUrl": world.rpc_urls[network.id],
        "rpcProvider": world.config.text("ethereum", "rpcProvider"),
        "currentBlockNumber": network.block if world.reaches(network) else 0,
        "nativeCurrency": network.native,
        "swapProvider": world.config.text(network.id, "swapProvider"),
    }


def estimate_gas(world: World, asked: OnNetwork) -> dict[str, object]:
    """From the configuration when the RPC is dead."""
    network = world.evm(asked.network)
    configured = world.config.get(network.id)["priorityFee"]
    price_gwei = GAS_PRICE_WEI / 10**9 if world.reaches(network) else float(str(configured))
    units = 300_000
    return {
        "feePerComputeUnit": price_gwei,
        "denomination": "gwei",
        "computeUnits": units,
        "feeAsset": network.native,
        "fee": price_gwei * units / 10**9,
        "timestamp": int(world.now_s() * 1000),
    }


def balances(world: World, asked: Balances) -> dict[str, object]:
    network = world.evm(asked.network)
    owner = signer(world, asked.address)
    require_rpc(world, network)
    own = native(network.native)
    if not asked.tokens:
        return {
            "balances": {own.symbol: own.human(network.ledger.balance(NATIVE, owner)), **_listed(world, network, owner)}
        }
    return {"balances": dict(_balance(world, network, owner, text) for text in asked.tokens)}


def _listed(world: World, network: Network, owner: str) -> dict[str, float]:
    listed = world.listings.tokens[("ethereum", network.name)]
    owned = ((token, network.ledger.balance(token.key, owner)) for token in listed)
    return {token.symbol: token.human(raw) for token, raw in owned if raw}


def _balance(world: World, network: Network, owner: str, text: str) -> tuple[str, float]:
    if text.upper() == network.native:
        return network.native, native(network.native).human(network.ledger.balance(NATIVE, owner))
    token = world.listings.token("ethereum", network.name, text)
    return (token.symbol, token.human(network.ledger.balance(token.key, owner))) if token else (text, 0.0)


async def poll(world: World, asked: Poll) -> dict[str, object]:
    """Any receipt is a 1, a reverted one too; a transaction that nobody knows is a -1."""
    network = world.evm(asked.network)
    require_rpc(world, network)
    found = network.find(asked.signature, counts=True)
    for _ in range(3):
        if found is None:
            await asyncio.sleep(world.timing.poll_retry_s)
            found = network.find(asked.signature)
    return {
        "currentBlock": network.block,
        "signature": asked.signature,
        "txBlock": -1 if found is None or found.block is None else found.block,
        "txStatus": _poll_status(found),
        "fee": None,
        "txData": _transaction_data(network, found),
    }


def _poll_status(found: Transaction | None) -> int:
    if found is None:
        return -1
    if found.is_mined:
        return 1
    return 3 if found.fate.low_fee else 2


def _transaction_data(network: Network, found: Transaction | None) -> dict[str, object] | None:
    if found is None:
        return None
    return {
        "hash": found.hash,
        "from": found.sender,
        "to": found.to,
        "nonce": found.nonce,
        "blockNumber": found.block,
        "gasPrice": str(GAS_PRICE_WEI),
        "gasLimit": str(GAS_USED),
        "value": "0",
        "chainId": network.chain_id,
    }


def allowances(world: World, asked: Allowances) -> dict[str, object]:
    network = world.evm(asked.network)
    owner = signer(world, asked.address)
    require_rpc(world, network)
    spender = _spender(asked.spender)
    found = [token for text in asked.tokens if (token := world.listings.token("ethereum", network.name, text))]
    if not found:
        raise BadRequest(f"No tokens found in token list: {', '.join(asked.tokens)}")
    approvals = {token.symbol: token.text(_allowance(world, network, owner, token, asked.spender)) for token in found}
    return {"spender": spender, "approvals": approvals}


def _allowance(world: World, network: Network, owner: str, token: Token, word: str) -> int:
    if word in SPENDERS:
        return permits.allowance(world, network, owner, token, word)
    return network.ledger.allowance(token, owner, word, world.now_s())


def _spender(word: str) -> str:
    """An address passes; a word that is none of ours is asked of ENS, which is not there."""
    if word in SPENDERS:
        return SPENDERS[word]
    if word.startswith("0x") and len(word) == 42:
        return word
    raise Internal(
        'network does not support ENS (operation="getResolver", network="unknown", '
        "code=UNSUPPORTED_OPERATION, version=providers/5.7.2)"
    )


async def approve(world: World, asked: Approve) -> dict[str, object]:
    """For the router two transactions and one signature; none at all when both allowances still suffice."""
    network = world.evm(asked.network)
    token = world.listings.token("ethereum", network.name, asked.token)
    if token is None:
        raise BadRequest(f"Token not found in token list: {asked.token}")
    amount = token.raw(_decimal(asked.amount)) if asked.amount and asked.amount.strip() else MAX_UINT256
    spender, owner = _spender(asked.spender), signer(world, asked.address)
    require_rpc(world, network)
    try:
        signature, nonce = await _approvals(world, network, owner, token, asked.spender, amount)
    except GatewayError as failure:
        if failure.status == BadRequest.status:
            raise
        raise Internal(f"Failed to approve token: {failure.message}") from failure
    data = {
        "tokenAddress": token.address,
        "spender": spender,
        "amount": token.text(amount),
        "nonce": nonce,
        "fee": fee_text(),
    }
    return {"signature": signature, "status": 1, "data": data}


async def _approvals(
    world: World, network: Network, owner: str, token: Token, word: str, amount: int
) -> tuple[str, int]:
    """The signature and nonce of the first transaction that was sent."""
    if word != permits.ROUTER:
        sent = await _approval(world, network, owner, token, _spender(word), Allowance(amount))
        return sent.hash, sent.nonce
    approved, granted = permits.is_granted(world, network, owner, token, amount)
    first = None if approved else await _approval(world, network, owner, token, PERMIT2, Allowance(amount))
    if not granted:
        given = Allowance(min(amount, MAX_UINT160), world.now_s() + GRANT_S)
        await _approval(world, network, owner, token, SPENDERS[word], given)
    return (first.hash, first.nonce) if first else (ZERO_HASH, 0)


async def _approval(
    world: World, network: Network, owner: str, token: Token, spender: str, given: Allowance
) -> Transaction:
    effect = partial(permits.grant, network.ledger, token, owner, spender, given)
    lost = "Transaction timed out or failed to get receipt"
    return await confirm(world, network, owner, token.address, effect, lost=lost)


async def wrap(world: World, asked: Wrap) -> dict[str, object]:
    network = world.evm(asked.network)
    return await _exchange(world, network, asked, (native(network.native), network.wrapped))


async def unwrap(world: World, asked: Wrap) -> dict[str, object]:
    network = world.evm(asked.network)
    return await _exchange(world, network, asked, (network.wrapped, native(network.native)))


async def _exchange(world: World, network: Network, asked: Wrap, tokens: tuple[Token, Token]) -> dict[str, object]:
    owner = signer(world, asked.address)
    require_rpc(world, network)
    source = tokens[0]
    amount = source.raw(_decimal(asked.amount))
    present = network.ledger.balance(source.key, owner)
    if present < amount:
        raise BadRequest(
            f"Insufficient {source.symbol} balance. You have {source.text(present)} {source.symbol} "
            f"but need {source.text(amount)}"
        )
    effect = partial(_swap_one_to_one, network.ledger, owner, tokens, amount)
    transaction = await confirm(world, network, owner, network.wrapped.address, effect, lost=NO_RECEIPT)
    return answer(
        transaction,
        nonce=transaction.nonce,
        fee=fee_text(),
        amount=source.text(amount),
        wrappedAddress=network.wrapped.address,
        nativeToken=network.native,
        wrappedToken=network.wrapped.symbol,
    )


def _swap_one_to_one(ledger: Ledger, owner: str, tokens: tuple[Token, Token], amount: int) -> dict[str, int]:
    ledger.take(tokens[0].key, owner, amount)
    ledger.give(tokens[1].key, owner, amount)
    return {"amount": amount}


def _decimal(text: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < 0:
        raise BadRequest(f"Invalid amount: {text}")
    return amount
