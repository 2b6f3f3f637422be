"""What to write for a connector that cannot be read: what was last known of it, and since when.

A graph of the portfolio must neither fall because a venue is away nor hide that a part of it is old. So the last known
balances (or prices) stay in the snapshot and a gap says how old they are; what was never known is left out, and a gap
says that too. Nothing is ever written as zero.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from aviary_accounts.portfolio.holdings import AtConnector, Held
from aviary_accounts.snapshots.documents import Gap, Snapshot, What

Key = tuple[str, str]


@dataclass(frozen=True)
class Before:
    """The snapshot before: what it held, and since when its own gaps are old."""

    taken_at: datetime
    held: dict[Key, tuple[Held, ...]]
    old: dict[tuple[Key, What], str | None]

    @classmethod
    def of(cls, snapshot: Snapshot) -> "Before":
        state: dict[str, dict[str, list[dict[str, Any]]]] = json.loads(
            snapshot.state, parse_float=Decimal, parse_int=Decimal
        )
        gaps = [Gap.model_validate(gap) for gap in json.loads(snapshot.gaps)]
        return cls(
            taken_at=snapshot.taken_at,
            held={
                (account, connector): tuple(_held(token) for token in tokens)
                for account, connectors in state.items()
                for connector, tokens in connectors.items()
            },
            old={((gap.account_name, gap.connector_name), gap.what): gap.as_of for gap in gaps},
        )

    def known_since(self, key: Key, what: What) -> str | None:
        return self.old.get((key, what), self.taken_at.isoformat())


def fill(seen: Sequence[AtConnector], before: Before | None) -> tuple[list[AtConnector], list[Gap]]:
    """What to write instead of what could not be read, and what could not be read."""
    filled, gaps = [], []
    for each in seen:
        current, its_gaps = _fill(each, before)
        filled.append(current)
        gaps.extend(its_gaps)
    return filled, gaps


def _fill(each: AtConnector, before: Before | None) -> tuple[AtConnector, list[Gap]]:
    key = (each.account_name, each.connector_name)
    known = before.held.get(key, ()) if before else ()
    held, gaps = each.held, []
    if each.unread:
        since = each.at.isoformat() if each.at else None
        if each.at is None and before and known:
            held, since = known, before.known_since(key, "balances")
        gaps.append(_gap(key, "balances", since, each.unread))
    if each.unpriced:
        prices = {token.token: token.price for token in known if token.price is not None}
        since = before.known_since(key, "prices") if before and prices else None
        held = tuple(_priced(token, prices) for token in held)
        gaps.append(_gap(key, "prices", since, each.unpriced))
    return replace(each, held=held), gaps


def _priced(held: Held, prices: dict[str, Decimal]) -> Held:
    return replace(held, price=prices.get(held.token)) if held.price is None else held


def _gap(key: Key, what: What, as_of: str | None, reason: str) -> Gap:
    return Gap(account_name=key[0], connector_name=key[1], what=what, as_of=as_of, reason=reason)


def _held(token: dict[str, Any]) -> Held:
    return Held(token["token"], token["units"], token["available_units"], token["price"])
