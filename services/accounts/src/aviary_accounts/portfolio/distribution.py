"""How the value spreads over tokens and accounts: sums and shares of plain values, exact until they are shown.

A sum is ``None`` when no part of it has a price. What has none is never counted as zero: it is listed.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from itertools import groupby
from typing import Final

from aviary_accounts.portfolio.holdings import AtConnector, Held
from aviary_accounts.portfolio.schemas import (
    AccountDistribution,
    AccountShare,
    AccountTotal,
    ConnectorTotal,
    Share,
    TokenDistribution,
    TokenShare,
    TokenSummary,
    Unpriced,
)

ALL_ACCOUNTS: Final = "all_accounts"
VALUE_STEP: Final = Decimal("0.000001")
PERCENTAGE_STEP: Final = Decimal("0.0001")
WIDE: Final = Context(prec=80)
"""Rounding must not fail for amounts that are longer than the usual 28 digits."""


@dataclass(frozen=True)
class Part:
    """One token of one account at one connector."""

    account: str
    connector: str
    held: Held


def by_token(seen: Sequence[AtConnector], account_filter: Sequence[str] | None) -> TokenDistribution:
    parts = _parts(seen)
    total = _value(parts) or Decimal(0)
    shares = [_token_share(token, own, total) for token, own in _grouped(parts, lambda part: part.held.token)]
    shares.sort(key=lambda share: _by_value(share.total_value, share.token))
    return TokenDistribution(
        total_portfolio_value=_rounded(total),
        token_count=len(shares),
        distribution=shares,
        tokens={share.token: _summary(share) for share in shares},
        unpriced=_unpriced(parts),
        account_filter=",".join(account_filter) if account_filter else ALL_ACCOUNTS,
    )


def by_account(seen: Sequence[AtConnector], accounts: Sequence[str]) -> AccountDistribution:
    """Every one of the accounts is in it, also those that hold nothing."""
    parts = _parts(seen)
    total = _value(parts) or Decimal(0)
    totals = [
        _account_total(account, [each for each in seen if each.account_name == account], total) for account in accounts
    ]
    totals.sort(key=lambda each: _by_value(each.total_value, each.account))
    return AccountDistribution(
        total_portfolio_value=_rounded(total),
        account_count=len(totals),
        distribution=totals,
        unpriced=_unpriced(parts),
    )


def _token_share(token: str, parts: Sequence[Part], total: Decimal) -> TokenShare:
    value = _value(parts)
    return TokenShare(
        token=token,
        total_value=_shown(value),
        total_units=_units(parts),
        unpriced_units=_units(part for part in parts if part.held.price is None),
        percentage=_percentage(value, total),
        accounts={name: _account_share(own, total) for name, own in _grouped(parts, lambda part: part.account)},
    )


def _account_share(parts: Sequence[Part], total: Decimal) -> AccountShare:
    value = _value(parts)
    return AccountShare(
        value=_shown(value),
        units=_units(parts),
        percentage=_percentage(value, total),
        connectors={
            name: Share(value=_shown(_value(own)), units=_units(own))
            for name, own in _grouped(parts, lambda part: part.connector)
        },
    )


def _summary(share: TokenShare) -> TokenSummary:
    known = {} if share.total_value is None else {"value": share.total_value, "percentage": share.percentage}
    return TokenSummary.model_validate({"units": share.total_units} | known)


def _account_total(account: str, seen: Sequence[AtConnector], total: Decimal) -> AccountTotal:
    """An account or connector that holds nothing is worth zero, which is known."""
    value = _worth(seen)
    return AccountTotal(
        account=account,
        total_value=_shown(value),
        percentage=_percentage(value, total),
        connectors={
            each.connector_name: ConnectorTotal(
                value=_shown(_worth([each])), percentage=_percentage(_worth([each]), total)
            )
            for each in seen
        },
    )


def _worth(seen: Sequence[AtConnector]) -> Decimal | None:
    parts = _parts(seen)
    return _value(parts) if parts else Decimal(0)


def _parts(seen: Iterable[AtConnector]) -> list[Part]:
    return [Part(each.account_name, each.connector_name, held) for each in seen for held in each.held]


def _unpriced(parts: Iterable[Part]) -> list[Unpriced]:
    return [
        Unpriced(account_name=part.account, connector_name=part.connector, token=part.held.token, units=part.held.units)
        for part in parts
        if part.held.price is None
    ]


def _grouped(parts: Iterable[Part], key: Callable[[Part], str]) -> list[tuple[str, list[Part]]]:
    return [(name, list(own)) for name, own in groupby(sorted(parts, key=key), key)]


def _value(parts: Iterable[Part]) -> Decimal | None:
    known = [part.held.value for part in parts if part.held.value is not None]
    return sum(known, Decimal(0)) if known else None


def _units(parts: Iterable[Part]) -> Decimal:
    return sum((part.held.units for part in parts), Decimal(0))


def _percentage(value: Decimal | None, total: Decimal) -> Decimal | None:
    if value is None:
        return None
    return (value / total * 100).quantize(PERCENTAGE_STEP, context=WIDE) if total > 0 else Decimal(0)


def _shown(value: Decimal | None) -> Decimal | None:
    return None if value is None else _rounded(value)


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(VALUE_STEP, context=WIDE)


def _by_value(value: Decimal | None, name: str) -> tuple[bool, Decimal, str]:
    """Descending; what nobody can value comes last."""
    return (value is None, -(value or Decimal(0)), name)
