"""Pages of what has happened, newest first: by cursor, and by offset as the official client asks for them.

A page by offset goes on from the nearest place that is known, where somebody's page has ended a moment ago, say; the
first jump to far behind counts the list once, in its index alone. The total is told with the last page: until then
nobody has counted it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final, Generic, Self, TypeVar

from pydantic import BaseModel, BeforeValidator, Field
from sqlalchemy import ColumnElement, Row, Select, Table, func, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from aviary_common.errors import BadRequest
from aviary_common.models import Tolerant, aliases, example
from aviary_common.pagination import Cursor, Limit, decode_cursor
from aviary_gateway_proxy.addresses import EVM_ADDRESS, checksummed
from aviary_gateway_proxy.names import NetworkId
from aviary_gateway_proxy.places import STEP, Order, Places, ladder_of

T = TypeVar("T")

FAR: Final = 20 * STEP
"""An offset that is worth a look at the whole list, so that the next ones are found at once."""
CHAINS: Final = ("ethereum", "solana")


def _as_chain_writes(value: object) -> object:
    """An EVM address with its checksum, in whatever case it came."""
    return checksummed(value) if isinstance(value, str) and EVM_ADDRESS.fullmatch(value) else value


def _name_alone(value: object) -> object:
    """``uniswap`` of ``uniswap/router``."""
    return value.strip().lower().partition("/")[0] if isinstance(value, str) else value


AnyCaseAddress = Annotated[str, BeforeValidator(_as_chain_writes)]
ConnectorName = Annotated[str, BeforeValidator(_name_alone)]


class HistoryFilter(Tolerant):
    """What is ``None`` is not asked for. ``cursor`` goes before ``offset``."""

    model_config = example({"account_names": ["master_account"], "interval": "1h", "limit": 24})

    network: str | None = None
    chain: str | None = None
    connector: ConnectorName | None = aliases("connector", "connector_name", default=None)
    wallet_address: AnyCaseAddress | None = aliases("wallet_address", "address", "walletAddress", default=None)
    limit: Limit = 50
    offset: int = Field(default=0, ge=0)
    cursor: str | None = None

    def of_table(self, table: Table) -> list[ColumnElement[bool]]:
        """A network is written in full where it is known, and may be any chain's otherwise."""
        conditions: list[ColumnElement[bool]] = []
        if self.network is not None:
            ids = network_ids(self.network, self.chain)
            conditions.append(table.c.network == ids[0] if len(ids) == 1 else table.c.network.in_(ids))
        elif self.chain is not None:
            conditions.append(table.c.network.startswith(f"{self.chain.strip().lower()}-", autoescape=True))
        if self.connector is not None:
            conditions.append(table.c.connector == self.connector)
        if self.wallet_address is not None:
            conditions.append(table.c.wallet_address == self.wallet_address)
        return conditions

    def with_body(self, body: Self | None) -> Self:
        """What the query says, and what the body says besides: where both speak, the body wins."""
        return self if body is None else self.model_copy(update=body.model_dump(exclude_unset=True))

    def filters(self) -> dict[str, Any]:
        """For cursors: the same list and filters, the same text."""
        return self.model_dump(mode="json", exclude={"limit", "offset", "cursor", "refresh"})


def network_ids(network: str, chain: str | None) -> list[str]:
    text = network.strip().lower()
    parsed = NetworkId.parse(text)
    if parsed is not None and parsed.chain in CHAINS:
        return [text]
    return [f"{each}-{text}" for each in ((chain.strip().lower(),) if chain else CHAINS)]


class GatewayPagination(BaseModel):
    limit: int
    offset: int
    has_more: bool
    next_cursor: str | None
    total_count: int | None


class HistoryPage(BaseModel, Generic[T]):
    """``total`` is null while there are more pages."""

    data: list[T]
    pagination: GatewayPagination
    next_cursor: str | None
    total: int | None


@dataclass(frozen=True)
class Found:
    """``rows`` from ``offset`` on."""

    rows: Sequence[Row[Any]]
    limit: int
    offset: int
    next_cursor: str | None

    @property
    def pagination(self) -> GatewayPagination:
        more = self.next_cursor is not None
        total = None if more else self.offset + len(self.rows)
        return GatewayPagination(
            limit=self.limit, offset=self.offset, has_more=more, next_cursor=self.next_cursor, total_count=total
        )

    def page(self, data: list[T]) -> HistoryPage[T]:
        pagination = self.pagination
        return HistoryPage(
            data=data, pagination=pagination, next_cursor=pagination.next_cursor, total=pagination.total_count
        )


async def read_page(
    connection: AsyncConnection,
    query: Select[Any],
    order: Order,
    wanted: HistoryFilter,
    mark: str,
    places: Places,
) -> Found:
    """One page of a query by time and id, both selected and indexed, newest first."""
    if (cursor := decode_cursor(wanted.cursor, mark)) is not None:
        begins, rows = cursor.total, await _rows(connection, query, order, cursor.key, 0, wanted.limit)
        return _found(rows, begins, order, wanted, mark)
    now = f"{mark}:{await connection.scalar(select(func.max(order[1])))}"
    if wanted.offset > FAR and not await places.is_near(now, wanted.offset):
        await places.learn(now, (await connection.execute(ladder_of(query, order))).all())
    known, key = await places.nearest(now, wanted.offset) or (0, None)
    rows = await _rows(connection, query, order, key, wanted.offset - known, wanted.limit)
    found = _found(rows, wanted.offset, order, wanted, mark)
    if found.next_cursor is not None:
        await places.remember(now, found.offset + len(found.rows), _key_of(found.rows[-1], order))
    return found


async def _rows(
    connection: AsyncConnection, query: Select[Any], order: Order, key: list[Any] | None, skip: int, limit: int
) -> Sequence[Row[Any]]:
    """One more than asked for, which tells that there are more."""
    conditions = [] if key is None else [tuple_(*order) < _there(key, order)]
    page = page_of(query.where(*conditions), order, skip, limit + 1)
    rows: Sequence[Row[Any]] = (await connection.execute(page)).all()
    return rows


def _found(rows: Sequence[Row[Any]], begins: int, order: Order, wanted: HistoryFilter, mark: str) -> Found:
    kept = rows[: wanted.limit]
    if len(rows) <= wanted.limit:
        return Found(kept, wanted.limit, begins, None)
    cursor = Cursor(mark, begins + len(kept), _key_of(kept[-1], order))
    return Found(kept, wanted.limit, begins, cursor.encode())


def _key_of(row: Row[Any], order: Order) -> list[Any]:
    return [row._mapping[order[0]].isoformat(), row._mapping[order[1]]]


def page_of(query: Select[Any], order: Order, skip: int, limit: int) -> Select[Any]:
    """Rows are found and counted in an index, which knows all that is filtered by; only those shown are read."""
    newest = [column.desc() for column in order]
    ids = query.with_only_columns(order[1]).order_by(*newest).offset(skip or None).limit(limit)
    columns = list(query.selected_columns)
    return select(*columns).where(order[1].in_(ids.scalar_subquery())).order_by(*newest)


def _there(key: Sequence[Any], order: Sequence[ColumnElement[Any]]) -> Any:
    try:
        at, row_id = key
        values = (datetime.fromisoformat(at), int(row_id))
    except (TypeError, ValueError) as error:
        raise BadRequest("cursor is not one of ours", code="bad_cursor") from error
    return tuple_(*(literal(value, column.type) for value, column in zip(values, order, strict=True)))
