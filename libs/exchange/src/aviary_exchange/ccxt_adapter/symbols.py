"""Hummingbot's pairs and ccxt's symbols, and the size of a contract."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches

from aviary_exchange.ccxt_adapter.raw import Raw, to_decimal
from aviary_exchange.errors import UnknownPair

QUOTE_NAMES: Mapping[str, Mapping[str, str]] = {"hyperliquid": {"USDC": "USD"}, "dydx": {"USDC": "USD"}}
"""Perpetuals that Hummingbot names after another quote than they settle in."""

BASE_NAMES: Mapping[str, Mapping[str, str]] = {"kucoinfutures": {"BTC": "XBT"}}


@dataclass(frozen=True, slots=True)
class Listing:
    """One pair as the venue lists it."""

    trading_pair: str
    symbol: str
    venue_id: str
    base: str
    quote: str
    settle: str
    contract_size: Decimal
    """Base units in one unit of the venue's amount: 1 on spot."""

    def to_contracts(self, amount: Decimal) -> Decimal:
        return amount / self.contract_size

    def to_base(self, contracts: Decimal) -> Decimal:
        return contracts * self.contract_size


class Pairs:
    """The listings of one connector, found by each of their names."""

    def __init__(self, connector: str, listings: Iterable[Listing]) -> None:
        self._connector = connector
        self.by_pair = {listing.trading_pair: listing for listing in listings}
        self._by_symbol = {listing.symbol: listing for listing in self.by_pair.values()}
        self._by_venue_id = {listing.venue_id: listing for listing in self.by_pair.values()}

    def listing(self, trading_pair: str) -> Listing:
        wanted = trading_pair.upper()
        if wanted in self.by_pair:
            return self.by_pair[wanted]
        nearest = get_close_matches(wanted, self.by_pair, n=1)
        hint = f" Did you mean {nearest[0]}?" if nearest else ""
        raise UnknownPair(f"{self._connector} does not list {trading_pair}.{hint}")

    def of_symbol(self, symbol: object) -> Listing | None:
        return self._by_symbol.get(str(symbol))

    def of_venue_id(self, venue_id: object) -> Listing | None:
        return self._by_venue_id.get(str(venue_id))


def listing(market: Raw, ccxt_id: str) -> Listing:
    base, quote = str(market["base"]), str(market["quote"])
    settle = str(market.get("settle") or quote)
    if market.get("swap"):
        quote = QUOTE_NAMES.get(ccxt_id, {}).get(quote, quote)
        base = BASE_NAMES.get(ccxt_id, {}).get(base, base)
    contract_size = to_decimal(market.get("contractSize")) if market.get("contract") else None
    return Listing(
        trading_pair=f"{base}-{quote}",
        symbol=str(market["symbol"]),
        venue_id=str(market["id"]),
        base=base,
        quote=quote,
        settle=settle,
        contract_size=contract_size or Decimal(1),
    )
