"""What every list of ``/trading`` can be narrowed by, and how that becomes conditions on a table."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Table

from aviary_common.access.accounts import AllowedAccounts
from aviary_common.models import Tolerant, TradingPair, aliases, example
from aviary_common.pagination import Limit, fingerprint
from aviary_common.timestamps import UtcTime


class ListFilter(Tolerant):
    """Names are compared exactly, connectors and pairs in any case."""

    model_config = example(
        {
            "account_names": ["master_account"],
            "connector_names": ["sandbox"],
            "trading_pairs": ["BTC-USDT"],
            "limit": 50,
        }
    )

    account_names: AllowedAccounts = None
    connector_names: list[str] | None = aliases("connector_names", "connectors", default=None)
    trading_pairs: list[TradingPair] | None = None
    limit: Limit = 100
    cursor: str | None = None

    def mark(self, purpose: str) -> str:
        """For cursors: same list and same filters, same text."""
        return fingerprint(purpose, self.model_dump(exclude={"cursor", "limit"}))

    def conditions(self, table: Table) -> list[ColumnElement[bool]]:
        connectors = self.connector_names and [name.lower() for name in self.connector_names]
        given: dict[str, Sequence[str] | None] = {
            "account_name": self.account_names,
            "connector_name": connectors,
            "trading_pair": self.trading_pairs,
        }
        return [table.c[name].in_(values) for name, values in given.items() if values is not None]


class TimedFilter(ListFilter):
    start_time: UtcTime | None = None
    end_time: UtcTime | None = None

    def between(self, column: ColumnElement[Any]) -> list[ColumnElement[bool]]:
        conditions = []
        if self.start_time is not None:
            conditions.append(column >= self.start_time)
        if self.end_time is not None:
            conditions.append(column <= self.end_time)
        return conditions
