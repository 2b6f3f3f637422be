"""Orders and fills on disk; memory holds only what is open."""

import sqlite3
from collections.abc import Iterable, Sequence

from aviary_sandbox_exchange.engine.orders import Fill, Order, Status
from aviary_sandbox_exchange.pairs import Pair, Side

ORDER_COLUMNS = (
    "id, account, symbol, client_id, side, kind, time_in_force, price, quantity, created_ms, quote_quantity, "
    "reduce_only, updated_ms, status, filled, filled_quote, reserved, position_side"
)
FILL_COLUMNS = (
    "trade_id, order_id, account, symbol, side, price, quantity, quote, commission, commission_asset, is_maker, "
    "time_ms, realised, position_side"
)


class OrderStore:
    def __init__(self, connection: sqlite3.Connection, side: Side, pairs: Iterable[Pair]) -> None:
        self._connection = connection
        self._side = side
        self._pairs = {pair.symbol: pair for pair in pairs}
        self._orders: dict[int, Order] = {}
        self._fills: list[Fill] = []

    def save(self, order: Order) -> None:
        self._orders[order.id] = order

    def save_fill(self, fill: Fill) -> None:
        self._fills.append(fill)

    def has_changes(self) -> bool:
        return bool(self._orders or self._fills)

    def write(self, connection: sqlite3.Connection) -> None:
        connection.executemany(
            f"INSERT OR REPLACE INTO venue_order (side_of_venue, {ORDER_COLUMNS}) "  # noqa: S608
            f"VALUES ({_marks(ORDER_COLUMNS)})",
            [self._order_row(order) for order in self._orders.values()],
        )
        connection.executemany(
            f"INSERT INTO fill (side_of_venue, {FILL_COLUMNS}) VALUES ({_marks(FILL_COLUMNS)})",  # noqa: S608
            [self._fill_row(fill) for fill in self._fills],
        )
        self._orders.clear()
        self._fills.clear()

    def open_orders(self) -> list[Order]:
        return self._select("status IN ('NEW', 'PARTIALLY_FILLED') ORDER BY id", ())

    def by_id(self, account: str, symbol: str, order_id: int) -> Order | None:
        found = self._select("id = ? AND account = ? AND symbol = ?", (order_id, account, symbol))
        return found[0] if found else None

    def by_client_id(self, account: str, symbol: str, client_id: str) -> Order | None:
        """The newest order that had this client id."""
        found = self._select(
            "account = ? AND symbol = ? AND client_id = ? ORDER BY id DESC LIMIT 1", (account, symbol, client_id)
        )
        return found[0] if found else None

    def history(
        self, account: str, symbol: str, *, from_id: int | None, start_ms: int | None, end_ms: int | None, limit: int
    ) -> list[Order]:
        """Oldest first: from ``from_id`` or ``start_ms`` on, else the newest ``limit``."""
        where, values = _window(
            "account = ? AND symbol = ?", [account, symbol], "id", from_id, "created_ms", start_ms, end_ms
        )
        ascending = from_id is not None or start_ms is not None
        found = self._select(f"{where} ORDER BY id {'ASC' if ascending else 'DESC'} LIMIT ?", [*values, limit])
        return found if ascending else found[::-1]

    def all_orders(self, account: str) -> list[Order]:
        return self._select("account = ? ORDER BY id", (account,))

    def fills(
        self,
        account: str,
        symbol: str | None,
        *,
        order_id: int | None = None,
        from_id: int | None = None,
        start_ms: int | None = None,
        end_ms: int | None = None,
        limit: int = 1_000_000,
    ) -> list[Fill]:
        """Oldest first, with the same rule for the window as ``history``."""
        where = "side_of_venue = ? AND account = ?"
        values: list[object] = [self._side, account]
        if symbol is not None:
            where, values = where + " AND symbol = ?", [*values, symbol]
        if order_id is not None:
            where, values = where + " AND order_id = ?", [*values, order_id]
        where, values = _window(where, values, "trade_id", from_id, "time_ms", start_ms, end_ms)
        ascending = from_id is not None or start_ms is not None
        rows = self._connection.execute(
            f"SELECT {FILL_COLUMNS} FROM fill WHERE {where} "  # noqa: S608
            f"ORDER BY trade_id {'ASC' if ascending else 'DESC'}, order_id LIMIT ?",
            [*values, limit],
        ).fetchall()
        return [self._fill(row) for row in (rows if ascending else reversed(rows))]

    def last_ids(self) -> tuple[int, int]:
        """The highest order id and trade id ever used by a user's order."""
        (order_id,) = self._connection.execute(
            "SELECT COALESCE(MAX(id), 0) FROM venue_order WHERE side_of_venue = ?", (self._side,)
        ).fetchone()
        (trade_id,) = self._connection.execute(
            "SELECT COALESCE(MAX(trade_id), 0) FROM fill WHERE side_of_venue = ?", (self._side,)
        ).fetchone()
        return order_id, trade_id

    def _select(self, where: str, values: Sequence[object]) -> list[Order]:
        rows = self._connection.execute(
            f"SELECT {ORDER_COLUMNS} FROM venue_order WHERE side_of_venue = ? AND {where}",  # noqa: S608
            (self._side, *values),
        )
        return [self._order(row) for row in rows]

    def _order(self, row: tuple) -> Order:  # type: ignore[type-arg]
        order_id, account, symbol, client_id, side, kind, tif, price, quantity, created_ms, quote_quantity = row[:11]
        reduce_only, updated_ms, status, filled, filled_quote, reserved, position_side = row[11:]
        return Order(
            id=order_id,
            account=account,
            pair=self._pairs[symbol],
            client_id=client_id,
            side=side,
            kind=kind,
            time_in_force=tif,
            price=price,
            quantity=quantity,
            created_ms=created_ms,
            quote_quantity=quote_quantity,
            reduce_only=bool(reduce_only),
            updated_ms=updated_ms,
            status=Status(status),
            filled=filled,
            filled_quote=filled_quote,
            reserved=reserved,
            position_side=position_side,
        )

    def _order_row(self, order: Order) -> tuple[object, ...]:
        return (
            self._side, order.id, order.account, order.pair.symbol, order.client_id, order.side, order.kind,
            order.time_in_force, order.price, order.quantity, order.created_ms, order.quote_quantity,
            order.reduce_only, order.updated_ms, order.status.value, order.filled, order.filled_quote, order.reserved,
            order.position_side,
        )  # fmt: skip

    def _fill(self, row: tuple) -> Fill:  # type: ignore[type-arg]
        (
            trade_id,
            order_id,
            account,
            symbol,
            side,
            price,
            quantity,
            quote,
            commission,
            asset,
            maker,
            time_ms,
            realised,
            position_side,
        ) = row
        return Fill(
            trade_id=trade_id,
            order_id=order_id,
            account=account,
            pair=self._pairs[symbol],
            side=side,
            price=price,
            quantity=quantity,
            quote=quote,
            commission=commission,
            commission_asset=asset,
            is_maker=bool(maker),
            time_ms=time_ms,
            realised=realised,
            position_side=position_side,
        )

    def _fill_row(self, fill: Fill) -> tuple[object, ...]:
        return (
            self._side, fill.trade_id, fill.order_id, fill.account, fill.pair.symbol, fill.side, fill.price,
            fill.quantity, fill.quote, fill.commission, fill.commission_asset, fill.is_maker, fill.time_ms,
            fill.realised, fill.position_side,
        )  # fmt: skip


def _marks(columns: str) -> str:
    """One placeholder each, and one for the side of the venue."""
    return ", ".join("?" * (columns.count(",") + 2))


def _window(
    where: str,
    values: list[object],
    id_column: str,
    from_id: int | None,
    time_column: str,
    start_ms: int | None,
    end_ms: int | None,
) -> tuple[str, list[object]]:
    for clause, value in (
        (f"{id_column} >= ?", from_id),
        (f"{time_column} >= ?", start_ms),
        (f"{time_column} <= ?", end_ms),
    ):
        if value is not None:
            where, values = f"{where} AND {clause}", [*values, value]
    return where, values
