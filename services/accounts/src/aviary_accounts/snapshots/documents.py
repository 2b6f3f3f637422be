"""A snapshot's documents: JSON in the form of the answer, with every digit of the exact amounts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

import orjson
from pydantic import BaseModel

from aviary_accounts.portfolio.holdings import AtConnector, Held
from aviary_accounts.portfolio.schemas import Among

What = Literal["balances", "prices"]


class Gap(BaseModel):
    """What could not be read: ``as_of`` is how old is what stands in its place, null when nothing does."""

    account_name: str
    connector_name: str
    what: What
    as_of: str | None
    reason: str


@dataclass(frozen=True)
class Snapshot:
    """``state`` and ``gaps`` are JSON texts."""

    taken_at: datetime
    scope: list[str]
    state: str
    gaps: str

    @classmethod
    def of(cls, taken_at: datetime, seen: Sequence[AtConnector], gaps: Sequence[Gap]) -> "Snapshot":
        """Connectors that hold nothing are left out."""
        holding = [each for each in seen if each.held]
        keys = {(each.account_name, each.connector_name) for each in holding}
        keys |= {(gap.account_name, gap.connector_name) for gap in gaps}
        return cls(taken_at, scope_of(keys), _state(holding), _gaps(gaps))


def scope_of(keys: Iterable[tuple[str, str]]) -> list[str]:
    words = {word for account, connector in keys for word in _words(account.casefold(), connector.casefold())}
    return sorted(words)


def wanted_scope(among: Among) -> list[str] | None:
    """Any of these words makes a snapshot wanted; ``None`` when all are."""
    if among.accounts is None and among.connectors is None:
        return None
    accounts = [""] if among.accounts is None else sorted(among.accounts)
    connectors = [""] if among.connectors is None else sorted(among.connectors)
    return [f"{account}/{connector}" for account in accounts for connector in connectors]


def narrowed(text: str, among: Among) -> str:
    """A state with the wanted accounts and connectors only."""
    state: dict[str, dict[str, Any]] = orjson.loads(text)
    kept = {
        account: {name: tokens for name, tokens in connectors.items() if among.connector(name)}
        for account, connectors in state.items()
        if among.account(account)
    }
    return orjson.dumps({account: connectors for account, connectors in kept.items() if connectors}).decode()


def narrowed_gaps(text: str, among: Among) -> str:
    if text == "[]":
        return text
    gaps = [Gap.model_validate(gap) for gap in orjson.loads(text)]
    return _gaps([gap for gap in gaps if among.account(gap.account_name) and among.connector(gap.connector_name)])


def _gaps(gaps: Iterable[Gap]) -> str:
    return orjson.dumps([gap.model_dump() for gap in gaps]).decode()


def _words(account: str, connector: str) -> tuple[str, str, str]:
    return f"{account}/{connector}", f"{account}/", f"/{connector}"


def _state(seen: Iterable[AtConnector]) -> str:
    accounts: dict[str, list[str]] = {}
    for each in seen:
        tokens = ",".join(_token(held) for held in each.held)
        accounts.setdefault(each.account_name, []).append(f"{_text(each.connector_name)}:[{tokens}]")
    return "{" + ",".join(f"{_text(name)}:{{{','.join(parts)}}}" for name, parts in accounts.items()) + "}"


def _token(held: Held) -> str:
    worth = '"price":null'
    if held.price is not None and held.value is not None:
        worth = f'"price":{_number(held.price)},"value":{_number(held.value)}'
    return (
        f'{{"token":{_text(held.token)},"units":{_number(held.units)},{worth}'
        f',"available_units":{_number(held.available_units)}}}'
    )


def _text(value: str) -> str:
    return orjson.dumps(value).decode()


def _number(value: Decimal) -> str:
    """Every digit, and no zeros behind the last one."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
