"""Adding a pool to Gateway's lists: what the caller leaves out is read from the chain."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from aviary_common.errors import AviaryError, NotFound, Unprocessable, UpstreamFailed
from aviary_gateway_proxy.addresses import address_on, same_address
from aviary_gateway_proxy.chains.nodes import Nodes
from aviary_gateway_proxy.configuration.tokens import Token, Tokens, among
from aviary_gateway_proxy.directory import AMM, CLMM, Connector, Directory
from aviary_gateway_proxy.names import NetworkId
from aviary_gateway_proxy.upstream.client import Gateway


@dataclass(frozen=True)
class NewPool:
    connector: str
    type: str
    address: str
    base: str | None = None
    quote: str | None = None
    base_address: str | None = None
    quote_address: str | None = None
    fee_pct: Decimal | None = None


@dataclass(frozen=True)
class AddedPool:
    connector: str
    type: str
    address: str
    pair: str


class PoolAdding:
    def __init__(self, gateway: Gateway, directory: Directory, tokens: Tokens, nodes: Nodes) -> None:
        self._gateway = gateway
        self._directory = directory
        self._tokens = tokens
        self._nodes = nodes

    async def add(self, where: NetworkId, new: NewPool) -> AddedPool:
        """404 for a pool that is not on chain, 503 ``node_unreachable`` when nobody can look."""
        connector = await self._connector(where, new)
        address = address_on(where.chain, new.address, "pool's address")
        base, quote = await self._ends(where, connector, new, address)
        body = {
            "connector": connector.name,
            "type": new.type.lower(),
            "network": where.network,
            "address": address,
            "baseSymbol": base.symbol,
            "quoteSymbol": quote.symbol,
            "baseTokenAddress": base.address,
            "quoteTokenAddress": quote.address,
            "feePct": new.fee_pct,
        }
        await self._believing(where, self._gateway.post("/pools", body))
        return AddedPool(connector.name, new.type.lower(), address, f"{base.symbol}-{quote.symbol}")

    async def save(self, where: NetworkId, address: str, connector: str | None, kind: str | None) -> dict[str, Any]:
        """Gateway looks the pool up online; where it can't, a connector and type let it be found on chain. Gateway's
        own answer, or ``{pool}``."""
        asked = address_on(where.chain, address, "pool's address")
        answer = await self._gateway.send("POST", f"/pools/save/{asked}", query={"chainNetwork": str(where)}, body={})
        if answer.is_good:
            return dict(answer.body)
        if connector and kind:
            added = await self.add(where, NewPool(connector, kind, asked))
            return {"pool": {"trading_pair": added.pair, "connector": added.connector, "type": added.type}}
        if answer.status == NotFound.status:
            raise NotFound(f"Nobody online knows a pool {address} on {where}.", code="unknown_pool")
        words = "Gateway could not look the pool up online: name its connector and type, and it is read from the chain."
        raise UpstreamFailed(words, code="look_up_failed")

    async def _connector(self, where: NetworkId, new: NewPool) -> Connector:
        known = await self._directory.known()
        found = known.connector(new.connector)
        known.network_of(found, str(where))
        if new.type.lower() not in {AMM, CLMM} & set(found.trading_types):
            words = f"{found.name} has no {new.type} pools; its types are {', '.join(found.trading_types)}."
            raise Unprocessable(words, code="unknown_pool_type")
        return found

    async def _ends(self, where: NetworkId, connector: Connector, new: NewPool, address: str) -> tuple[Token, Token]:
        """Base and quote, as far as they were given, and the rest from the chain and the token list."""
        told = (new.base, new.quote, new.base_address, new.quote_address)
        if all(told):
            base, quote = (address_on(where.chain, each or "", "token's address") for each in told[2:])
            return _named(new.base, base), _named(new.quote, quote)
        path = f"/connectors/{connector.name}/{new.type.lower()}/pool-info"
        query = {"network": where.network, "poolAddress": address}
        info = await self._believing(where, self._gateway.get(path, query))
        listed = await self._tokens.all(where)
        found = [_listed(where, listed, info[each]) for each in ("baseTokenAddress", "quoteTokenAddress")]
        return _in_order(where, new, found)

    async def _believing(self, where: NetworkId, asking: Any) -> Any:
        """With a dead node Gateway says that there is no such pool."""
        try:
            return await asking
        except AviaryError as error:
            if error.code in ("not_at_gateway", "gateway_failed"):
                await self._nodes.require(where)
            if isinstance(error, NotFound):
                raise NotFound(error.detail, code="unknown_pool") from None
            raise


def _named(symbol: str | None, address: str) -> Token:
    return Token(symbol or address, address, 0, symbol or address)


def _listed(where: NetworkId, listed: Sequence[Token], address: str) -> Token:
    return among(listed, where.chain, address) or _named(None, address)


def _in_order(where: NetworkId, new: NewPool, found: list[Token]) -> tuple[Token, Token]:
    """The caller's base first, its symbols where the list has none. 422 for a token that the pool does not trade."""
    first, second = found
    if _is(where, second, new.base, new.base_address) or _is(where, first, new.quote, new.quote_address):
        first, second = second, first
    ends = []
    for token, symbol, address in ((first, new.base, new.base_address), (second, new.quote, new.quote_address)):
        if address and not same_address(where.chain, address, token.address):
            raise Unprocessable(f"The pool trades {token.address}, not {address}.", code="not_in_pool")
        is_unlisted = token.symbol == token.address
        if symbol and not is_unlisted and symbol.upper() != token.symbol.upper():
            raise Unprocessable(f"The pool trades {token.symbol}, not {symbol}.", code="not_in_pool")
        if is_unlisted and not symbol:
            words = f"Gateway's token list has no {token.address}: add the token first, or say its symbol."
            raise NotFound(words, code="unknown_token")
        ends.append(_named(symbol or token.symbol, token.address))
    return ends[0], ends[1]


def _is(where: NetworkId, token: Token, symbol: str | None, address: str | None) -> bool:
    if address:
        return same_address(where.chain, token.address, address)
    return symbol is not None and token.symbol.upper() == symbol.upper()
