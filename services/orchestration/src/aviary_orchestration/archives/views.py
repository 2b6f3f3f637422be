"""What is told of one archived database, one function an answer. They block: give them to a thread."""

from collections.abc import Sequence
from typing import Any, TypeVar

from aviary_orchestration.archives.columns import Plain
from aviary_orchestration.archives.curve import Point, curve_of
from aviary_orchestration.archives.database import CHECKED, FILLS, ArchiveDatabase
from aviary_orchestration.archives.paging import OffsetSlice, Wanted, sliced
from aviary_orchestration.archives.performance_schemas import PerformanceOut, PerformancePoint, PerformanceSummary
from aviary_orchestration.archives.places import ArchivedFile
from aviary_orchestration.archives.schemas import (
    ControllersOut,
    ExecutorConfigOut,
    ExecutorConfigsOut,
    ExecutorOut,
    ExecutorsOut,
    OrdersOut,
    PositionsOut,
    StatusOut,
    SummaryOut,
    TableOut,
    TableStatus,
    TradesOut,
)
from aviary_orchestration.archives.shapes import CONTROLLERS, EXECUTORS, POSITIONS, Shape
from aviary_orchestration.archives.trades import Market

T = TypeVar("T")


def status(file: ArchivedFile, database: ArchiveDatabase) -> StatusOut:
    tables = {name: database.check(table) for name, table in CHECKED.items()}
    healthy = all(text == "Correct" for text in tables.values())
    checked = TableStatus(db_name=file.path.name, db_path=f"sqlite:///{file.listed}", general_status=healthy, **tables)
    return StatusOut(db_path=file.listed, status=checked, healthy=healthy)


def summary(file: ArchivedFile, database: ArchiveDatabase) -> SummaryOut:
    database.refuse_others()
    markets = database.markets()
    return SummaryOut(
        db_path=file.listed,
        total_orders=database.count("Order"),
        total_trades=database.count(FILLS),
        total_executors=database.count("Executors"),
        total_positions=database.count("Position"),
        total_controllers=database.count("Controllers"),
        trading_pairs=sorted({market.trading_pair for market in markets}),
        exchanges=sorted({market.connector_name for market in markets}),
    )


def performance(file: ArchivedFile, database: ArchiveDatabase, max_points: int) -> PerformanceOut:
    database.refuse_others()
    markets = database.markets()
    shown: list[PerformancePoint] = []
    ends: dict[Market, Point] = {}
    for point in curve_of(database.fills(), markets, max_points):
        shown.append(PerformancePoint.of(point))
        ends[point.market] = point
    total = PerformanceSummary.of(sum(markets.values()), ends)
    return PerformanceOut(db_path=file.listed, summary=total, performance_data=shown)


def trades(file: ArchivedFile, database: ArchiveDatabase, wanted: Wanted) -> TradesOut:
    database.refuse_others()
    page = sliced(wanted, f"{file.listed} trades", lambda: database.count(FILLS), database.trades)
    return TradesOut(trades=list(page.rows), **_ends(file, page))


def orders(file: ArchivedFile, database: ArchiveDatabase, wanted: Wanted, order_status: str | None) -> OrdersOut:
    database.refuse_others()
    page = sliced(
        wanted,
        f"{file.listed} orders {order_status}",
        lambda: database.count_orders(order_status),
        lambda limit, offset: database.orders(order_status, limit, offset),
    )
    return OrdersOut(orders=list(page.rows), **_ends(file, page))


def positions(file: ArchivedFile, database: ArchiveDatabase, wanted: Wanted) -> PositionsOut:
    page = _page(file, database, POSITIONS, wanted)
    return PositionsOut(positions=list(page.rows), **_ends(file, page))


def controllers(file: ArchivedFile, database: ArchiveDatabase, wanted: Wanted) -> ControllersOut:
    page = _page(file, database, CONTROLLERS, wanted)
    return ControllersOut(controllers=list(page.rows), **_ends(file, page))


def executors(file: ArchivedFile, database: ArchiveDatabase, wanted: Wanted, decode: bool) -> ExecutorsOut:
    page = _page(file, database, EXECUTORS, wanted)
    shown = ExecutorOut.decoded if decode else ExecutorOut.of
    return ExecutorsOut(executors=[shown(executor) for executor in page.rows], **_ends(file, page))


def executors_config(file: ArchivedFile, database: ArchiveDatabase, wanted: Wanted) -> ExecutorConfigsOut:
    page = _page(file, database, EXECUTORS, wanted)
    configs = [ExecutorConfigOut.of(executor) for executor in page.rows]
    return ExecutorConfigsOut(executors_config=configs, **_ends(file, page))


def general_data(file: ArchivedFile, database: ArchiveDatabase, table: str, wanted: Wanted) -> TableOut:
    columns: list[str] = []

    def read(limit: int, offset: int) -> Sequence[dict[str, Plain]]:
        found, rows = database.general(table, limit, offset)
        columns.extend(found)
        return rows

    page = sliced(wanted, f"{file.listed} table {table}", lambda: database.count(table), read)
    return TableOut(table_name=table, columns=columns, data=list(page.rows), **_ends(file, page))


def _page(file: ArchivedFile, database: ArchiveDatabase, shape: Shape[T], wanted: Wanted) -> OffsetSlice[T]:
    database.refuse_others()
    return sliced(
        wanted,
        f"{file.listed} {shape.table}",
        lambda: database.count(shape.table),
        lambda limit, offset: database.rows(shape, limit, offset),
    )


def _ends(file: ArchivedFile, page: OffsetSlice[Any]) -> dict[str, Any]:
    pagination = page.pagination
    return {
        "db_path": file.listed,
        "pagination": pagination,
        "next_cursor": pagination.next_cursor,
        "total": pagination.total,
    }
