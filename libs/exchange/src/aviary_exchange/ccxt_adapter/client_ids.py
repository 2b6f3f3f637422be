"""Our client order ids at venues that allow only some: the same id always becomes the same other one.

What a venue reports is turned back as far as this process knows; after a restart an order looked up by our id is found
(its id is derived anew), but a stream may name the venue's form until then.
"""

import re
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from uuid import UUID

REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class IdRule:
    allowed: re.Pattern[str]
    derive: Callable[[str], str]
    """From 32 hexadecimal digits."""


_OKX = IdRule(re.compile(r"[A-Za-z0-9]{1,32}"), str)
_BINANCE = IdRule(re.compile(r"[.A-Z:/a-z0-9_-]{1,36}"), str)

ID_RULES: Mapping[str, IdRule] = {
    "binance": _BINANCE,
    "binanceusdm": _BINANCE,
    "backpack": IdRule(re.compile(r"[0-9]{1,9}"), lambda digest: str(int(digest[:8], 16))),
    "bitget": IdRule(re.compile(r"[\w-]{1,50}"), str),
    "bybit": IdRule(re.compile(r"[\w-]{1,36}"), str),
    "gate": IdRule(re.compile(r"[\w.-]{1,28}"), lambda digest: digest[:28]),
    "hyperliquid": IdRule(re.compile(r"0x[0-9a-f]{32}"), lambda digest: f"0x{digest}"),
    "kraken": IdRule(re.compile(r"[\w-]{1,18}"), lambda digest: str(UUID(digest))),
    "kucoin": IdRule(re.compile(r"[\w-]{1,40}"), str),
    "kucoinfutures": IdRule(re.compile(r"[\w-]{1,40}"), str),
    "mexc": IdRule(re.compile(r"[\w-]{1,32}"), str),
    "myokx": _OKX,
    "okx": _OKX,
    "okxus": _OKX,
}
ANY = IdRule(re.compile(r"[\w-]{1,32}"), str)


class ClientIds:
    def __init__(self, ccxt_id: str) -> None:
        self._rule = ID_RULES.get(ccxt_id, ANY)
        self._prefix = "t-" if ccxt_id == "gate" else ""
        self._own: OrderedDict[str, str] = OrderedDict()

    def to_venue(self, client_order_id: str) -> str:
        if self._rule.allowed.fullmatch(client_order_id):
            return client_order_id
        derived = self._rule.derive(blake2b(client_order_id.encode(), digest_size=16).hexdigest())
        self._own[derived] = client_order_id
        if len(self._own) > REMEMBERED:
            self._own.popitem(last=False)
        return derived

    def to_own(self, venue_id: str) -> str:
        if self._prefix and venue_id.startswith(self._prefix):
            venue_id = venue_id.removeprefix(self._prefix)
        return self._own.get(venue_id, venue_id)
