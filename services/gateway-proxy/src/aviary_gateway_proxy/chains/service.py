"""What Gateway answers about a chain, once it is sure that its node can be believed."""

from collections.abc import Sequence
from typing import Any

from aviary_common.errors import Unprocessable
from aviary_gateway_proxy.addresses import EVM_ADDRESS, address_on, evm_address, is_address_on
from aviary_gateway_proxy.chains.defaults import ChainDefaults
from aviary_gateway_proxy.chains.nodes import Nodes
from aviary_gateway_proxy.chains.schemas import AllowancesAsked, BalancesAsked, OnNetwork
from aviary_gateway_proxy.configuration.hidden import hidden
from aviary_gateway_proxy.configuration.tokens import Tokens, among, unknown_token
from aviary_gateway_proxy.directory import ROUTER, Directory
from aviary_gateway_proxy.names import NetworkId, as_json
from aviary_gateway_proxy.upstream.client import Gateway


class Chains:
    def __init__(
        self, gateway: Gateway, directory: Directory, tokens: Tokens, nodes: Nodes, defaults: ChainDefaults
    ) -> None:
        self._gateway = gateway
        self._directory = directory
        self._tokens = tokens
        self._nodes = nodes
        self._defaults = defaults

    async def where(self, chain: str, asked: OnNetwork) -> NetworkId:
        """404 for an unknown network; 422 when the body names another chain than the path."""
        if asked.chain and asked.chain.strip().lower() != chain:
            raise Unprocessable(f"This route is for {chain}, and the body says {asked.chain}.", code="other_chain")
        if asked.network:
            return await self._directory.network(asked.network, chain)
        return await self._defaults.network(chain)

    async def status(self, where: NetworkId) -> dict[str, Any]:
        told: dict[str, Any] = as_json(hidden(await self._nodes.require(where)))
        return told

    async def estimate_gas(self, where: NetworkId) -> dict[str, Any]:
        """From the chain, and never from Gateway's configuration, which it uses silently when the node is dead."""
        await self._nodes.require(where)
        told: dict[str, Any] = await self._gateway.get(_path(where, "estimate-gas"), {"network": where.network})
        return told

    async def balances(self, where: NetworkId, asked: BalancesAsked) -> dict[str, Any]:
        """404 for a token that is not listed, for which Gateway says zero."""
        address = await self._wallet(where, asked.address)
        status = await self._nodes.require(where)
        tokens = await self._named(where, asked.tokens, str(status["nativeCurrency"]))
        body = {"network": where.network, "address": address, "tokens": tokens}
        told: dict[str, Any] = await self._gateway.post(_path(where, "balances"), body)
        return told

    async def allowances(self, where: NetworkId, asked: AllowancesAsked) -> dict[str, Any]:
        spender = await self.spender(where, asked.spender)
        address = await self._wallet(where, asked.address)
        await self._nodes.require(where)
        named = await self._tokens.find_all(where, asked.tokens) if asked.tokens else await self._tokens.all(where)
        symbols = [each.symbol for each in named]
        body = {"network": where.network, "address": address, "spender": spender, "tokens": symbols}
        told: dict[str, Any] = await self._gateway.post(_path(where, "allowances"), body)
        return told

    async def spender(self, where: NetworkId, text: str) -> str:
        """An address, or a word that Gateway knows one for; it takes any other word for a name of ENS and fails."""
        if EVM_ADDRESS.fullmatch(text):
            return evm_address(text, "spender")
        known = await self._directory.known()
        words = {
            f"{each.name}/{kind}"
            for each in known.connectors.values()
            if each.chain == where.chain and where.network in each.networks
            for kind in each.trading_types
        }
        words |= {f"{each}/swap" for each in words if not each.endswith(f"/{ROUTER}")}
        if text.lower() not in words:
            told = ", ".join(sorted(words))
            raise Unprocessable(f"There is no spender {text!r}: say an address, or {told}.", code="unknown_spender")
        return text.lower()

    async def _wallet(self, where: NetworkId, address: str | None) -> str:
        if address:
            return address_on(where.chain, address)
        return await self._defaults.wallet(where.chain)

    async def _named(self, where: NetworkId, texts: Sequence[str], native: str) -> list[str]:
        """Symbols as the list writes them; the native currency is in no list."""
        if not texts:
            return []
        listed = await self._tokens.all(where)
        named, missing = [], []
        for text in texts:
            asked = address_on(where.chain, text, "token's address") if is_address_on(where.chain, text) else text
            token = among(listed, where.chain, asked)
            if token is None and text.upper() != native.upper():
                missing.append(text)
            named.append(token.symbol if token else native)
        if missing:
            raise unknown_token(where, missing, listed)
        return named


def _path(where: NetworkId, what: str) -> str:
    return f"/chains/{where.chain}/{what}"
