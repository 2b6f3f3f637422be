"""A transaction as it is stored, and what is written of it before it exists."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from aviary_gateway_proxy.transactions.states import FINAL, ON_ITS_WAY, TxState, TxStatus, status_of


class TxKind(StrEnum):
    SWAP = "swap"
    OPEN = "open"
    ADD = "add"
    REMOVE = "remove"
    COLLECT = "collect"
    CLOSE = "close"
    AMM_ADD = "amm_add"
    AMM_REMOVE = "amm_remove"
    APPROVE = "approve"
    WRAP = "wrap"
    UNWRAP = "unwrap"


@dataclass(frozen=True, slots=True)
class Wallet:
    """One queue. On EVM chains ``address`` is written with its checksum."""

    chain: str
    network: str
    address: str

    @property
    def network_id(self) -> str:
        return f"{self.chain}-{self.network}"

    @property
    def is_evm(self) -> bool:
        return self.chain == "ethereum"


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """``path`` and ``request`` are what Gateway will be told; ``about`` is the same in the caller's words and
    orientation, JSON all of it. ``tokens`` are the addresses whose balances it changes."""

    kind: TxKind
    wallet: Wallet
    connector: str | None
    path: str
    request: Mapping[str, Any]
    about: Mapping[str, Any]
    tokens: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """``before`` is what was there before it was sent, ``result`` what Gateway said of it or what was found of it
    afterwards, in Gateway's words; ``answered``: Gateway is done with it and will not send any more. While it is
    ``in_flight`` the wallet's other transactions wait."""

    id: int
    kind: TxKind
    chain: str
    network: str
    connector: str | None
    wallet: str
    path: str
    request: dict[str, Any]
    about: dict[str, Any]
    before: dict[str, Any] = field(default_factory=dict)
    result: dict[str, Any] | None = None
    state: TxState
    in_flight: bool
    answered: bool = False
    hash: str | None
    fee: Decimal | None
    fee_token: str | None
    error: str | None
    owner: str
    created_at: datetime
    expires_at: datetime
    sent_at: datetime | None
    settled_at: datetime | None
    look_at: datetime

    @property
    def sender(self) -> Wallet:
        return Wallet(self.chain, self.network, self.wallet)

    @property
    def network_id(self) -> str:
        return f"{self.chain}-{self.network}"

    @property
    def status(self) -> TxStatus:
        return status_of(self.state)

    @property
    def is_final(self) -> bool:
        return self.state in FINAL

    @property
    def is_on_its_way(self) -> bool:
        return self.state in ON_ITS_WAY

    def age(self, now: datetime) -> timedelta:
        return now - (self.sent_at or self.created_at)
