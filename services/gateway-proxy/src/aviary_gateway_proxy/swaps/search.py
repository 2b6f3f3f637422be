"""The swaps of the past: pages, sums, one by its hash."""

from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, func, literal, select

from aviary_common.database import Database
from aviary_common.errors import NotFound
from aviary_common.pagination import fingerprint
from aviary_gateway_proxy.history import Found, network_ids, read_page
from aviary_gateway_proxy.places import Places
from aviary_gateway_proxy.swaps.schemas import SummaryFilter, SwapFilter, SwapOut, SwapSummary
from aviary_gateway_proxy.swaps.tables import swap
from aviary_gateway_proxy.transactions.states import TxStatus

SHOWN: Final = [column for column in swap.c if column.name in {*SwapOut.model_fields, "id"}]


class SwapHistory:
    def __init__(self, database: Database, places: Places) -> None:
        self._database = database
        self._places = places

    async def search(self, wanted: SwapFilter) -> Found:
        """Newest first."""
        mark = fingerprint("swaps", wanted.filters())
        async with self._database.single() as connection:
            return await read_page(
                connection, query_of(wanted), (swap.c.timestamp, swap.c.id), wanted, mark, self._places
            )

    async def summary(self, wanted: SummaryFilter) -> SwapSummary:
        query = select(
            func.count().label("total"),
            _count(TxStatus.CONFIRMED).label("confirmed"),
            _count(TxStatus.FAILED).label("failed"),
            _count(TxStatus.SUBMITTED).label("pending"),
            func.coalesce(func.sum(swap.c.amount).filter(swap.c.status == TxStatus.CONFIRMED.value), 0).label("volume"),
            func.coalesce(func.sum(swap.c.gas_fee), 0).label("gas"),
        ).where(*_within(wanted))
        async with self._database.single() as connection:
            row = (await connection.execute(query)).one()
        return SwapSummary(
            total_swaps=row.total,
            confirmed_swaps=row.confirmed,
            failed_swaps=row.failed,
            pending_swaps=row.pending,
            success_rate=round(row.confirmed / row.total, 4) if row.total else 0.0,
            total_volume=row.volume,
            total_gas_fees=row.gas,
        )

    async def of_transaction(self, transaction_id: int) -> SwapOut:
        """404 ``unknown_swap`` for a transaction that is none."""
        query = select(*SHOWN).where(swap.c.transaction_id == transaction_id)
        async with self._database.single() as connection:
            row = (await connection.execute(query)).one_or_none()
        if row is None:
            raise NotFound(f"Transaction {transaction_id} is no swap, or was never sent.", code="unknown_swap")
        return shown(row)


def query_of(wanted: SwapFilter) -> Select[Any]:
    conditions = wanted.of_table(swap)
    if wanted.trading_pair is not None:
        conditions.append(swap.c.trading_pair == wanted.trading_pair)
    if wanted.status is not None:
        conditions.append(swap.c.status == literal(wanted.status.value, literal_execute=True))
    return select(*SHOWN).where(*conditions, *_between(wanted))


def shown(row: Row[Any]) -> SwapOut:
    values = dict(row._mapping)
    own = values["transaction_id"]
    return SwapOut.model_validate(values | {"transaction_id": None if own is None else str(own)})


def _count(status: TxStatus) -> ColumnElement[int]:
    return func.count().filter(swap.c.status == status.value)


def _between(wanted: SwapFilter | SummaryFilter) -> list[ColumnElement[bool]]:
    conditions = []
    if wanted.start_time is not None:
        conditions.append(swap.c.timestamp >= wanted.start_time)
    if wanted.end_time is not None:
        conditions.append(swap.c.timestamp <= wanted.end_time)
    return conditions


def _within(wanted: SummaryFilter) -> list[ColumnElement[bool]]:
    conditions = _between(wanted)
    if wanted.network is not None:
        conditions.append(swap.c.network.in_(network_ids(wanted.network, None)))
    if wanted.wallet_address is not None:
        conditions.append(swap.c.wallet_address == wanted.wallet_address)
    return conditions
