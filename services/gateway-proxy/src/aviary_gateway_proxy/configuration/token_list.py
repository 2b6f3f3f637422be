"""Changing Gateway's token lists."""

from typing import Any

from aviary_common.errors import NotFound, UpstreamFailed
from aviary_gateway_proxy.addresses import address_on, is_address_on
from aviary_gateway_proxy.configuration.tokens import Token, Tokens, among, unknown_token
from aviary_gateway_proxy.names import NetworkId
from aviary_gateway_proxy.upstream.client import Gateway


class TokenList:
    def __init__(self, gateway: Gateway, tokens: Tokens) -> None:
        self._gateway = gateway
        self._tokens = tokens

    async def search(self, where: NetworkId, text: str | None = None) -> list[Token]:
        """Those whose symbol or name holds the text, without case, or whose address it is."""
        listed = await self._tokens.all(where)
        if not text or not text.strip():
            return listed
        wanted = text.strip().lower()
        return [
            each
            for each in listed
            if wanted in each.symbol.lower() or wanted in each.name.lower() or wanted == each.address.lower()
        ]

    async def get(self, where: NetworkId, text: str) -> Token:
        """In the list, by address or symbol; an address also online, where Gateway looks it up. 404 without it."""
        is_address = is_address_on(where.chain, text)
        asked = address_on(where.chain, text, "token's address") if is_address else text
        listed = await self._tokens.all(where)
        if found := among(listed, where.chain, asked):
            return found
        if is_address and (online := await self._look_up(where, asked)):
            return online
        raise unknown_token(where, [text], listed)

    async def add(self, where: NetworkId, token: Token) -> Token:
        address = address_on(where.chain, token.address, "token's address")
        told = {"address": address, "symbol": token.symbol, "name": token.name, "decimals": token.decimals}
        await self._gateway.post("/tokens", {"chain": where.chain, "network": where.network, "token": told})
        self._tokens.forget(where)
        return Token(token.symbol, address, token.decimals, token.name)

    async def save(self, where: NetworkId, address: str) -> Token:
        """Gateway looks it up online and adds it. 404 when it is not found, 503 when it can't look."""
        asked = address_on(where.chain, address, "token's address")
        told = await self._gateway.send("POST", f"/tokens/save/{asked}", query={"chainNetwork": str(where)}, body={})
        if told.status == NotFound.status:
            raise NotFound(f"Nobody online knows a token {address} on {where}.", code="unknown_token")
        if not told.is_good:
            raise _no_look_up(where)
        self._tokens.forget(where)
        return _token(told.body)

    async def remove(self, where: NetworkId, text: str) -> Token:
        """By address or symbol; 404 when it is not in the list."""
        token = await self._tokens.find(where, text)
        query = {"chain": where.chain, "network": where.network}
        await self._gateway.delete(f"/tokens/{token.address}", query)
        self._tokens.forget(where)
        return token

    async def _look_up(self, where: NetworkId, address: str) -> Token | None:
        """None also when Gateway can't look: what is not in its list is of no use with it."""
        answer = await self._gateway.send("GET", f"/tokens/find/{address}", query={"chainNetwork": str(where)})
        return _token(answer.body) if answer.is_good else None


def _token(body: Any) -> Token:
    return Token.of(body.get("token") or body)


def _no_look_up(where: NetworkId) -> UpstreamFailed:
    return UpstreamFailed(
        f"Gateway could not look the token up online. POST /gateway/networks/{where}/tokens adds one without looking.",
        code="look_up_failed",
    )
