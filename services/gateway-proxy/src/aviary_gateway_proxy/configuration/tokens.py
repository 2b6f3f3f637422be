"""Gateway's token lists."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from aviary_common.errors import NotFound
from aviary_gateway_proxy.addresses import address_on, is_address_on, same_address
from aviary_gateway_proxy.names import NetworkId, nearest
from aviary_gateway_proxy.upstream.client import Gateway

NETWORKS_KEPT: Final = 32


@dataclass(frozen=True)
class Token:
    symbol: str
    address: str
    decimals: int
    name: str

    @classmethod
    def of(cls, told: Any) -> "Token":
        return cls(told["symbol"], told["address"], int(told["decimals"]), told.get("name") or told["symbol"])


def among(listed: Iterable[Token], chain: str, text: str) -> Token | None:
    """By address, or by symbol without case."""
    for each in listed:
        if same_address(chain, each.address, text) or each.symbol.lower() == text.lower():
            return each
    return None


class Tokens:
    """The list of each network, kept for ``max_age_s``."""

    def __init__(self, gateway: Gateway, max_age_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._gateway = gateway
        self._max_age_s = max_age_s
        self._clock = clock
        self._kept: OrderedDict[NetworkId, tuple[float, list[Token]]] = OrderedDict()
        self._reading = asyncio.Lock()

    async def all(self, where: NetworkId, **how: Any) -> list[Token]:
        """``how`` as in ``Gateway.send``."""
        async with self._reading:
            read_at, listed = self._kept.get(where, (float("-inf"), []))
            if self._clock() - read_at < self._max_age_s:
                return listed
            query = {"chain": where.chain, "network": where.network}
            told = await self._gateway.get("/tokens", query, **how)
            listed = [Token.of(each) for each in told["tokens"]]
            self._kept[where] = (self._clock(), listed)
            while len(self._kept) > NETWORKS_KEPT:
                self._kept.popitem(last=False)
            return listed

    def forget(self, where: NetworkId) -> None:
        """Its list has changed."""
        self._kept.pop(where, None)

    async def find(self, where: NetworkId, text: str) -> Token:
        """By symbol or address. 404 ``unknown_token``, 422 for an address with a wrong checksum."""
        return (await self.find_all(where, [text]))[0]

    async def find_all(self, where: NetworkId, texts: Sequence[str]) -> list[Token]:
        """404 ``unknown_token`` names every one that is not in the list: Gateway would answer zero for it."""
        listed = await self.all(where)
        found = [among(listed, where.chain, self._checked(where, text)) for text in texts]
        if missing := [text for text, token in zip(texts, found, strict=True) if token is None]:
            raise unknown_token(where, missing, listed)
        return [each for each in found if each is not None]

    @staticmethod
    def _checked(where: NetworkId, text: str) -> str:
        return address_on(where.chain, text, "token's address") if is_address_on(where.chain, text) else text


def unknown_token(where: NetworkId, missing: Sequence[str], listed: Iterable[Token]) -> NotFound:
    hint = nearest(missing[0], [each.symbol for each in listed])
    words = f"{where} has no token {', '.join(missing)} in its list.{hint}"
    return NotFound(f"{words} POST /gateway/networks/{where}/tokens adds one.", code="unknown_token")
