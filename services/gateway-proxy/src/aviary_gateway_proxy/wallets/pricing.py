"""What a wallet's tokens are worth, in dollars, by market-data's rate oracle."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from aviary_common import logs
from aviary_common.bus import Bus
from aviary_common.errors import AviaryError
from aviary_messages.questions import GetRates

log = logs.get(__name__)

DEADLINE_S: Final = 5.0
QUOTE: Final = "USDT"
ONE: Final = Decimal(1)
WRAPPED: Final[Mapping[str, str]] = {
    "WETH": "ETH",
    "WBNB": "BNB",
    "WAVAX": "AVAX",
    "WPOL": "POL",
    "WMATIC": "MATIC",
    "WCELO": "CELO",
    "WSOL": "SOL",
}
"""A chain's currency as a token: the contract gives one for one."""


@dataclass(frozen=True)
class Prices:
    """``problem``: why nothing could be asked."""

    known: Mapping[str, Decimal]
    problem: str | None = None


def is_dollar(token: str) -> bool:
    return "USD" in token.upper()


def pair_of(token: str) -> str:
    return f"{WRAPPED.get(token.upper(), token.upper())}-{QUOTE}"


class WalletPricing:
    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    async def of(self, tokens: Iterable[str]) -> Prices:
        """By token; what nobody knows a price of is left out. An outage of prices is no error: it is told beside."""
        wanted = set(tokens)
        dollars = {token: ONE for token in wanted if is_dollar(token)}
        pairs = {token: pair_of(token) for token in wanted - dollars.keys() if _is_plain(token)}
        if not pairs:
            return Prices(dollars)
        question = GetRates(pairs=sorted(set(pairs.values())))
        try:
            rates = (await self._bus.ask(question, deadline_s=DEADLINE_S)).rates
        except AviaryError as error:
            log.warning("no prices", error=error.detail)
            return Prices(dollars, error.detail)
        return Prices(dollars | {token: rates[pair] for token, pair in pairs.items() if pair in rates})


def _is_plain(token: str) -> bool:
    """Anybody may name a token anything."""
    return token.isascii() and token.isalnum()
