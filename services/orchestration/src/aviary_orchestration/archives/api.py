"""``/archived-bots``. A database is named as the list names it, slashes and all."""

from functools import partial
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel

from aviary_common.errors import BadRequest, Conflict, NotFound
from aviary_common.http.document import Responses, refusals
from aviary_common.pagination import Limit
from aviary_orchestration.archives import views
from aviary_orchestration.archives.paging import Wanted
from aviary_orchestration.archives.performance_schemas import PerformanceOut
from aviary_orchestration.archives.schemas import (
    ControllersOut,
    ExecutorConfigsOut,
    ExecutorsOut,
    OrdersOut,
    PositionsOut,
    Removed,
    StatusOut,
    SummaryOut,
    TableOut,
    TradesOut,
)
from aviary_orchestration.archives.service import Archives, View

router = APIRouter(prefix="/archived-bots", tags=["Archived bots"])

MANY: Final = 10_000
"""Lists that were never paged come whole, up to so many."""

Offset = Annotated[int, Query(ge=0, lt=2**63)]


async def archives_of(request: Request) -> Archives:
    archives: Archives = request.app.state.archives
    return archives


async def wanted_page(limit: Annotated[Limit, Query()] = 100, offset: Offset = 0, cursor: str | None = None) -> Wanted:
    return Wanted(limit, offset, cursor)


async def wanted_all(
    limit: Annotated[int, Query(ge=1, le=MANY)] = MANY, offset: Offset = 0, cursor: str | None = None
) -> Wanted:
    return Wanted(limit, offset, cursor)


ArchivesDep = Annotated[Archives, Depends(archives_of)]
PageDep = Annotated[Wanted, Depends(wanted_page)]
AllDep = Annotated[Wanted, Depends(wanted_all)]


class Database:
    """One database, ready to be told about."""

    def __init__(self, db_path: str, archives: Archives) -> None:
        self._db_path = db_path
        self._archives = archives

    async def told(self, view: View) -> Response:
        return Response(await self._archives.told(self._db_path, view), media_type="application/json")


async def database_of(db_path: str, archives: ArchivesDep) -> Database:
    return Database(db_path, archives)


DatabaseDep = Annotated[Database, Depends(database_of)]


def _answers(model: type[BaseModel], refused: Responses) -> dict[str, Any]:
    """What the reader's thread writes, for the API's document."""
    return {"response_class": Response, "responses": {200: {"model": model}} | refused}


@router.get("", operation_id="list_archived_databases")
async def list_databases(archives: ArchivesDep) -> list[str]:
    """The databases of all archived bots."""
    return await archives.files()


# The table's name may hold anything, also the end of another route: this one is tried before them.
@router.get(
    "/{db_path:path}/general-data/{table_name:path}",
    operation_id="get_archived_table",
    **_answers(TableOut, refusals(BadRequest, NotFound)),
)
async def get_table(table_name: str, database: DatabaseDep, wanted: PageDep) -> Response:
    """Any table of the file as it is stored."""
    return await database.told(partial(views.general_data, table=table_name, wanted=wanted))


@router.get(
    "/{db_path:path}/status", operation_id="get_archived_status", **_answers(StatusOut, refusals(BadRequest, NotFound))
)
async def get_status(database: DatabaseDep) -> Response:
    """Whether the database has all that a bot's database has."""
    return await database.told(views.status)


@router.get(
    "/{db_path:path}/summary",
    operation_id="get_archived_summary",
    **_answers(SummaryOut, refusals(BadRequest, NotFound)),
)
async def get_summary(database: DatabaseDep) -> Response:
    """How much there is of everything."""
    return await database.told(views.summary)


@router.get(
    "/{db_path:path}/performance",
    operation_id="get_archived_performance",
    **_answers(PerformanceOut, refusals(BadRequest, NotFound)),
)
async def get_performance(
    database: DatabaseDep, max_points: Annotated[int, Query(ge=1, le=50_000)] = 10_000
) -> Response:
    """Profit, loss, fees and volume after every fill, thinned evenly to max_points, and exactly at the end."""
    return await database.told(partial(views.performance, max_points=max_points))


@router.get(
    "/{db_path:path}/trades", operation_id="list_archived_trades", **_answers(TradesOut, refusals(BadRequest, NotFound))
)
async def list_trades(database: DatabaseDep, wanted: PageDep) -> Response:
    """Fills in the order of the file."""
    return await database.told(partial(views.trades, wanted=wanted))


@router.get(
    "/{db_path:path}/orders", operation_id="list_archived_orders", **_answers(OrdersOut, refusals(BadRequest, NotFound))
)
async def list_orders(database: DatabaseDep, wanted: PageDep, status: str | None = None) -> Response:
    """Orders in the order of the file, all or those with this last status, such as OrderCancelled."""
    return await database.told(partial(views.orders, wanted=wanted, order_status=status))


@router.get(
    "/{db_path:path}/positions",
    operation_id="list_archived_positions",
    **_answers(PositionsOut, refusals(BadRequest, NotFound)),
)
async def list_positions(database: DatabaseDep, wanted: PageDep) -> Response:
    """What controllers held when the bot stopped."""
    return await database.told(partial(views.positions, wanted=wanted))


@router.get(
    "/{db_path:path}/executors",
    operation_id="list_archived_executors",
    **_answers(ExecutorsOut, refusals(BadRequest, NotFound)),
)
async def list_executors(database: DatabaseDep, wanted: AllDep, decode: bool = False) -> Response:
    """Executors; with decode=true enums are names and JSON texts are parsed."""
    return await database.told(partial(views.executors, wanted=wanted, decode=decode))


@router.get(
    "/{db_path:path}/executors-config",
    operation_id="list_archived_executor_configs",
    **_answers(ExecutorConfigsOut, refusals(BadRequest, NotFound)),
)
async def list_executor_configs(database: DatabaseDep, wanted: AllDep) -> Response:
    """What the executors were told to do."""
    return await database.told(partial(views.executors_config, wanted=wanted))


@router.get(
    "/{db_path:path}/controllers",
    operation_id="list_archived_controllers",
    **_answers(ControllersOut, refusals(BadRequest, NotFound)),
)
async def list_controllers(database: DatabaseDep, wanted: AllDep) -> Response:
    """The controllers that ran, with their configs as JSON text."""
    return await database.told(partial(views.controllers, wanted=wanted))


@router.delete(
    "/{db_path:path}", operation_id="delete_archived_bot", responses=refusals(BadRequest, NotFound, Conflict)
)
async def delete_archived_bot(db_path: str, archives: ArchivesDep) -> Removed:
    """Remove everything that the bot left behind, and what is stored of its runs."""
    return await archives.remove(db_path)
