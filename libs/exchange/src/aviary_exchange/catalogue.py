"""Which connectors exist, by Hummingbot's names, and what each needs.

The data stands in ``connectors.json``. A connector without a ``ccxt_id`` is known by name and fields only: its
credentials can be described and stored, but it cannot be opened yet.

Beside every spot connector with market data stands its paper connector, which the data do not name.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Final, Literal, TypedDict

from aviary_exchange.errors import UnknownConnector

Kind = Literal["spot", "perpetual"]

PAPER_SUFFIX: Final = "_paper_trade"


@dataclass(frozen=True, slots=True)
class CredentialField:
    """One line of a connector's config map.

    ``ccxt`` says what the value feeds: a ccxt credential (``apiKey``, ``secret``, ...), ``options.<name>``, ``class``
    (it selects the exchange class), or nothing.
    """

    name: str
    type: str
    required: bool
    ccxt: str | None = None
    allowed_values: tuple[str, ...] = ()

    @property
    def secret(self) -> bool:
        return self.type == "SecretStr"


@dataclass(frozen=True, slots=True)
class FeeRates:
    """Of the traded value, for a customer without discounts."""

    maker: Decimal
    taker: Decimal


@dataclass(frozen=True, slots=True)
class Connector:
    name: str
    kind: Kind
    fields: tuple[CredentialField, ...]
    order_types: tuple[str, ...]
    position_modes: tuple[str, ...]
    ccxt_id: str | None
    ccxt_options: Mapping[str, object] = field(default_factory=dict, hash=False)
    ccxt_classes: Mapping[str, str] = field(default_factory=dict, hash=False)
    """For venues with several legal entities: the value of the ``class`` field and the exchange class it selects."""
    example_pair: str | None = None
    testnet: bool = False
    underlying: str | None = None
    """Of a paper connector: whose markets it trades on."""
    fees: FeeRates | None = None
    """Of spot connectors, as ccxt 4.5.90 states them (Bybit's are its own: ccxt has those of its derivatives)."""
    market_data_only: bool = False
    """ccxt signs with something else than Hummingbot stores."""
    note: str | None = None

    @property
    def paper(self) -> bool:
        """Fills are simulated from the markets of ``underlying``; there is no account at a venue, and no credential."""
        return self.underlying is not None

    @property
    def is_perpetual(self) -> bool:
        return self.kind == "perpetual"

    @property
    def is_available(self) -> bool:
        """Whether it can be opened at all; its account may still be out of reach (``open_private`` says so)."""
        return self.ccxt_id is not None


def connectors() -> tuple[Connector, ...]:
    """All of them, sorted by name."""
    return tuple(_catalogue().values())


def find(name: str) -> Connector:
    """The connector of that name, compared without case; ``UnknownConnector`` names the nearest match."""
    catalogue = _catalogue()
    wanted = name.strip().lower()
    if wanted in catalogue:
        return catalogue[wanted]
    nearest = get_close_matches(wanted, catalogue, n=1)
    hint = f" Did you mean {nearest[0]!r}?" if nearest else ""
    raise UnknownConnector(f"There is no connector {name!r}.{hint}")


class _RawField(TypedDict, total=False):
    name: str
    type: str
    required: bool
    ccxt: str
    allowed_values: list[str]


class _RawFees(TypedDict):
    maker: str
    taker: str


class _RawConnector(TypedDict, total=False):
    connector: str
    kind: Kind
    ccxt_id: str | None
    ccxt_options: dict[str, object]
    classes: dict[str, str]
    sandbox: bool
    fees: _RawFees
    market_data_only: bool
    order_types: list[str]
    position_modes: list[str]
    example_pair: str
    note: str
    config_map: list[_RawField]


@cache
def _catalogue() -> Mapping[str, Connector]:
    raw: list[_RawConnector] = json.loads(files("aviary_exchange").joinpath("connectors.json").read_text())
    real = [_connector(entry) for entry in raw]
    paper = [_paper(connector) for connector in real if _has_paper(connector)]
    return {connector.name: connector for connector in sorted([*real, *paper], key=lambda connector: connector.name)}


def _connector(raw: _RawConnector) -> Connector:
    return Connector(
        name=raw["connector"],
        kind=raw["kind"],
        fields=tuple(_field(entry) for entry in raw["config_map"]),
        order_types=tuple(raw["order_types"]),
        position_modes=tuple(raw["position_modes"]),
        ccxt_id=raw["ccxt_id"],
        ccxt_options=raw.get("ccxt_options", {}),
        ccxt_classes=raw.get("classes", {}),
        example_pair=raw.get("example_pair"),
        testnet=raw.get("sandbox", False),
        fees=_fees(raw["fees"]) if "fees" in raw else None,
        market_data_only=raw.get("market_data_only", False),
        note=raw.get("note"),
    )


def _fees(raw: _RawFees) -> FeeRates:
    return FeeRates(maker=Decimal(raw["maker"]), taker=Decimal(raw["taker"]))


def _has_paper(connector: Connector) -> bool:
    """Not the test networks: their markets are as good as empty."""
    return not connector.is_perpetual and connector.is_available and not connector.testnet


def _paper(connector: Connector) -> Connector:
    return replace(
        connector,
        name=f"{connector.name}{PAPER_SUFFIX}",
        fields=(),
        underlying=connector.name,
        market_data_only=False,
        note=None,
    )


def _field(raw: _RawField) -> CredentialField:
    return CredentialField(
        name=raw["name"],
        type=raw["type"],
        required=raw["required"],
        ccxt=raw.get("ccxt"),
        allowed_values=tuple(raw.get("allowed_values", ())),
    )
