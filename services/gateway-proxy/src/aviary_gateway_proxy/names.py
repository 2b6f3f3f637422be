"""Names of networks and fields: Gateway's on one side, ours on the other. Plain rules on plain values."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, Final

UPPER: Final = frozenset({"url", "cu", "id", "api", "rpc", "uri"})
"""Words that Gateway writes in capitals, unless they come first."""

RENAMED: Final = {"base_symbol": "base", "quote_symbol": "quote"}
HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


@dataclass(frozen=True)
class NetworkId:
    """A network of a chain; its text is ``solana-mainnet-beta``."""

    chain: str
    network: str

    @classmethod
    def parse(cls, text: str) -> "NetworkId | None":
        """Split at the first dash, for networks have dashes of their own; None without one."""
        chain, _, network = text.strip().lower().partition("-")
        return cls(chain, network) if chain and network else None

    def __str__(self) -> str:
        return f"{self.chain}-{self.network}"


def snake(name: str) -> str:
    """``minPriorityFeePerCU`` is ``min_priority_fee_per_cu``."""
    return HUMP.sub("_", name).lower()


def camel(name: str) -> str:
    """``node_url`` is ``nodeURL``; what has no underscore stays as it is."""
    first, *rest = name.split("_")
    return first + "".join(word.upper() if word in UPPER else word.capitalize() for word in rest)


def in_our_words(value: Any) -> Any:
    """Gateway's JSON with names in snake case, symbols as ``base`` and ``quote`` beside their ``trading_pair``, and
    decimals as numbers that JSON has."""
    if isinstance(value, Mapping):
        ours = {RENAMED.get(snake(str(name)), snake(str(name))): in_our_words(each) for name, each in value.items()}
        if ours.get("base") and ours.get("quote"):
            ours["trading_pair"] = f"{ours['base']}-{ours['quote']}"
        return ours
    if isinstance(value, list):
        return [in_our_words(each) for each in value]
    return as_json(value)


def as_json(value: Any) -> Any:
    """Gateway's own names, with decimals as JSON's numbers."""
    if isinstance(value, Mapping):
        return {name: as_json(each) for name, each in value.items()}
    if isinstance(value, list):
        return [as_json(each) for each in value]
    return float(value) if isinstance(value, Decimal) else value


def nearest(name: str, known: Iterable[str]) -> str:
    """`` Did you mean …?``, or nothing when no name is near; compared without case."""
    by_lower = {each.lower(): each for each in known}
    found = get_close_matches(name.lower(), sorted(by_lower), n=1)
    return f" Did you mean {by_lower[found[0]]}?" if found else ""
