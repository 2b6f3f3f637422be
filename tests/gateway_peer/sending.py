"""How Gateway sends a transaction, and what it makes of the outcome."""

import asyncio
import time
from typing import Final

from tests.gateway_peer.chain.network import Network, NoGas, NonceUsed, Underpriced
from tests.gateway_peer.chain.tokens import Token
from tests.gateway_peer.chain.transactions import GAS_WEI, Effect, Transaction
from tests.gateway_peer.errors import BadRequest, Internal
from tests.gateway_peer.listings import native
from tests.gateway_peer.world import World

NO_RECEIPT: Final = "Cannot read properties of null (reading 'gasUsed')"
NO_NETWORK: Final = 'could not detect network (event="noNetwork", code=NETWORK_ERROR, version=providers/5.7.2)'
_DOCS: Final = "[ See: https://links.ethers.org/v5-errors-"


def default_wallet(world: World, asked: str | None, chain: str = "ethereum") -> str:
    return asked or world.config.text(chain, "defaultWallet")


def signer(world: World, asked: str | None) -> str:
    """The wallet, once its key is open."""
    return world.wallets.unlock("ethereum", default_wallet(world, asked), world.timing.key_s)


def require_rpc(world: World, network: Network) -> None:
    if not world.reaches(network):
        raise Internal(NO_NETWORK)


async def send(world: World, network: Network, wallet: str, to: str, effect: Effect) -> Transaction:
    """A transaction that may still wait; a revert is a 500 whose message holds the receipt."""
    require_rpc(world, network)
    nonce = network.nonce(wallet)
    await asyncio.sleep(world.timing.send_s)
    require_rpc(world, network)
    try:
        transaction = network.send(wallet, to, nonce, effect)
    except NonceUsed as refusal:
        raise Internal(_ethers("nonce has already been used", "NONCE_EXPIRED")) from refusal
    except Underpriced as refusal:
        raise Internal(_ethers("replacement fee too low", "REPLACEMENT_UNDERPRICED")) from refusal
    except NoGas as refusal:
        raise BadRequest(
            "Insufficient funds for transaction. Please ensure you have enough ETH to cover gas costs."
        ) from refusal
    await _wait_for_mining(transaction, world.timing.mining_timeout_s)
    if transaction.status == 0:
        raise Internal(_reverted(transaction))
    return transaction


async def _wait_for_mining(transaction: Transaction, timeout_s: float) -> None:
    deadline = time.monotonic() + timeout_s
    while not transaction.is_mined and time.monotonic() < deadline:
        await asyncio.sleep(0.005)


async def confirm(
    world: World, network: Network, wallet: str, to: str, effect: Effect, *, lost: str = NO_RECEIPT
) -> Transaction:
    """A mined one; of one that is not mined in time the caller learns no hash, as Gateway reads a null receipt."""
    transaction = await send(world, network, wallet, to, effect)
    if not transaction.is_mined:
        raise Internal(lost)
    return transaction


def fee_of() -> float:
    return native("ETH").human(GAS_WEI)


def fee_text() -> str:
    return native("ETH").text(GAS_WEI)


def answer(transaction: Transaction, **data: object) -> dict[str, object]:
    """``{signature, status, data}`` of a mined transaction."""
    return {"signature": transaction.hash, "status": 1, "data": data}


def resolve(world: World, network: Network, text: str) -> Token:
    """A listed token; ETH is silently its wrapped one."""
    word = network.wrapped.symbol if text.upper() == network.native.upper() else text
    found = world.listings.token("ethereum", network.name, word)
    if found is None:
        raise BadRequest(f"Token not found: {text}")
    return found


def _ethers(message: str, code: str) -> str:
    return f"{message} {_DOCS}{code} ] (code={code}, version=providers/5.7.2)"


def _reverted(transaction: Transaction) -> str:
    receipt = f'{{"from":"{transaction.sender}","transactionHash":"{transaction.hash}","status":0}}'
    return (
        f"transaction failed {_DOCS}CALL_EXCEPTION ] "
        f'(transactionHash="{transaction.hash}", receipt={receipt}, reason="{transaction.reason}", '
        "code=CALL_EXCEPTION, version=providers/5.7.2)"
    )
