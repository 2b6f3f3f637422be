"""Which spender needs which allowance, and what a missing one is told as."""

from collections.abc import Mapping

from tests.gateway_peer.chain.ledger import Allowance, Ledger
from tests.gateway_peer.chain.network import Network
from tests.gateway_peer.chain.tokens import MAX_UINT160, PERMIT2, SPENDERS, UNIVERSAL_ROUTER, Token
from tests.gateway_peer.chain.transactions import Effect
from tests.gateway_peer.errors import BadRequest
from tests.gateway_peer.world import World

ROUTER = "uniswap/router"


def allowance(world: World, network: Network, owner: str, token: Token, word: str) -> int:
    """What a connector may take; the router needs an approval of Permit2 and a grant by it."""
    now_s = world.now_s()
    own = network.ledger.allowance(token, owner, SPENDERS[word], now_s)
    return min(own, network.ledger.allowance(token, owner, PERMIT2, now_s)) if word == ROUTER else own


def require(world: World, network: Network, owner: str, needs: Mapping[Token, int], word: str) -> None:
    for token, amount in needs.items():
        present = allowance(world, network, owner, token, word)
        if present < amount:
            raise BadRequest(
                f"Insufficient {token.symbol} allowance. Required: {token.text(amount)}, "
                f"Current: {token.text(present)}. "
                f'Please approve {token.symbol} using spender: "{word}" ({SPENDERS[word]})'
            )


def spending(effect: Effect, ledger: Ledger, owner: str, word: str, parts: Mapping[str, Token]) -> dict[str, int]:
    """The effect, and then the allowance less what it took; ``parts`` says which amount is of which token."""
    amounts = dict(effect())
    for name, token in parts.items():
        _lower(ledger, token, owner, SPENDERS[word], amounts[name])
        if word == ROUTER:
            _lower(ledger, token, owner, PERMIT2, amounts[name])
    return amounts


def _lower(ledger: Ledger, token: Token, owner: str, spender: str, amount: int) -> None:
    """An approval without end stays as it is."""
    key = (token.key, owner.lower(), spender.lower())
    present = ledger.allowances.get(key, Allowance(0))
    if present.amount < MAX_UINT160:
        ledger.allowances[key] = Allowance(max(0, present.amount - amount), present.expires_at_s)


def grant(ledger: Ledger, token: Token, owner: str, spender: str, given: Allowance) -> dict[str, int]:
    """The effect of an approval."""
    ledger.approve(token, owner, spender, given)
    return {}


def is_granted(world: World, network: Network, owner: str, token: Token, amount: int) -> tuple[bool, bool]:
    """Whether Permit2 is approved, and whether its grant to the router stands: Gateway skips what is enough."""
    now_s = world.now_s()
    approved = network.ledger.allowance(token, owner, PERMIT2, now_s) >= amount
    router = network.ledger.allowance(token, owner, UNIVERSAL_ROUTER, now_s) >= min(amount, MAX_UINT160)
    return approved, approved and router
