"""The two statements that write orders on the fast path, each for many orders at once.

Rows travel as one JSON array, so that a statement has one form whatever the number of rows. Both take their locks in
one order of rows, so that replicas which write the same orders at the same time never deadlock.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from aviary_exchange.types import Fill
from aviary_trading.fills.store import values_of
from aviary_trading.orders.record import Intent, Order
from aviary_trading.orders.states import OrderState

ZERO: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class Saving:
    """``fills`` are new to the order and counted in ``after``; ``events`` are rows for the outbox."""

    before: Order
    after: Order
    fills: Sequence[Fill]
    events: Sequence[dict[str, Any]]


_WRITE_INTENTS: Final = text(
    """
    insert into trading_order (
        account_name, connector_name, client_order_id, venue_client_id, trading_pair, trade_type, order_type,
        position_action, time_in_force, requested_amount, requested_price, amount, price, status, filled_amount,
        filled_quote, venue_filled_amount, fee_paid, fee_quote, settled, version, created_at, updated_at
    )
    select
        account_name, connector_name, client_order_id, venue_client_id, trading_pair, trade_type, order_type,
        position_action, time_in_force, requested_amount, requested_price, amount, price, 'PENDING_CREATE', 0,
        0, 0, 0, 0, false, 0, at, at
    from jsonb_to_recordset(cast(:intents as jsonb)) as intent(
        account_name text, connector_name text, client_order_id text, venue_client_id text, trading_pair text,
        trade_type text, order_type text, position_action text, time_in_force text, requested_amount numeric,
        requested_price numeric, amount numeric, price numeric, at timestamptz
    )
    where :admitted or not (
        exists (select from trading_halt where trading_halt.account_name = intent.account_name)
        or exists (select from risk_limit where risk_limit.account_name = intent.account_name)
    )
    order by account_name, connector_name, client_order_id
    on conflict on constraint trading_order_client_id do nothing
    returning id, account_name, connector_name, client_order_id
    """
)


async def write_intents(
    connection: AsyncConnection, intents: Sequence[Intent], now: datetime, *, admitted: bool = False
) -> list[Order | None]:
    """The new orders. ``None`` where the client order id is taken, and, unless they were ``admitted`` already, where
    the account is halted or has limits."""
    rows = orjson.dumps([asdict(intent) | {"at": now} for intent in intents], default=str).decode()
    written = {
        (row.account_name, row.connector_name, row.client_order_id): row.id
        for row in await connection.execute(_WRITE_INTENTS, {"intents": rows, "admitted": admitted})
    }
    # Popped, so that of two equal ids in one batch one is the new order and the other finds it taken.
    ids = [written.pop((item.account_name, item.connector_name, item.client_order_id), None) for item in intents]
    return [
        None if order_id is None else _new(order_id, intent, now) for order_id, intent in zip(ids, intents, strict=True)
    ]


def _new(order_id: int, intent: Intent, now: datetime) -> Order:
    return Order(
        id=order_id,
        account_name=intent.account_name,
        connector_name=intent.connector_name,
        client_order_id=intent.client_order_id,
        venue_client_id=intent.venue_client_id,
        exchange_order_id=None,
        trading_pair=intent.trading_pair,
        trade_type=intent.trade_type,
        order_type=intent.order_type,
        position_action=intent.position_action,
        time_in_force=intent.time_in_force,
        requested_amount=intent.requested_amount,
        requested_price=intent.requested_price,
        amount=intent.amount,
        price=intent.price,
        status=OrderState.PENDING_CREATE,
        filled_amount=ZERO,
        filled_quote=ZERO,
        venue_filled_amount=ZERO,
        fee_paid=ZERO,
        fee_currency=None,
        fee_quote=ZERO,
        error_message=None,
        settled=False,
        version=0,
        created_at=now,
        updated_at=now,
    )


_SAVE: Final = text(
    """
    with wanted as (
        select * from jsonb_to_recordset(cast(:changes as jsonb)) as change(
            id bigint, version int, exchange_order_id text, status text, filled_amount numeric, filled_quote numeric,
            venue_filled_amount numeric, fee_paid numeric, fee_currency text, fee_quote numeric, error_message text,
            settled boolean, updated_at timestamptz
        )
    ),
    new_fill as (
        select * from jsonb_to_recordset(cast(:fills as jsonb)) as item(
            order_id bigint, account_name text, connector_name text, trading_pair text, trade_id text,
            client_order_id text, trade_type text, amount numeric, price numeric, fee numeric, fee_currency text,
            fee_quote numeric, is_maker boolean, at timestamptz
        )
    ),
    unchanged as (
        select stored.id from trading_order stored join wanted on wanted.id = stored.id
        where stored.version = wanted.version and not exists (
            select from fill join new_fill on new_fill.order_id = fill.order_id and new_fill.trade_id = fill.trade_id
            where fill.order_id = stored.id
        )
        order by stored.id for update of stored
    ),
    saved as (
        update trading_order stored set
            exchange_order_id = wanted.exchange_order_id, status = wanted.status,
            filled_amount = wanted.filled_amount, filled_quote = wanted.filled_quote,
            venue_filled_amount = wanted.venue_filled_amount, fee_paid = wanted.fee_paid,
            fee_currency = wanted.fee_currency, fee_quote = wanted.fee_quote, error_message = wanted.error_message,
            settled = wanted.settled, updated_at = wanted.updated_at, version = stored.version + 1
        from wanted join unchanged on unchanged.id = wanted.id
        where stored.id = wanted.id
        returning stored.id
    ),
    filled as (
        insert into fill (
            order_id, account_name, connector_name, trading_pair, trade_id, client_order_id, trade_type, amount, price,
            fee, fee_currency, fee_quote, is_maker, at
        )
        select
            order_id, account_name, connector_name, trading_pair, trade_id, client_order_id, trade_type, amount, price,
            fee, fee_currency, fee_quote, is_maker, at
        from new_fill join saved on saved.id = new_fill.order_id
    ),
    told as (
        insert into outbox (message_id, subject, payload, request_id, traceparent)
        select message_id, subject, payload, request_id, traceparent
        from jsonb_to_recordset(cast(:events as jsonb)) as item(
            order_id bigint, place int, message_id uuid, subject text, payload jsonb, request_id text,
            traceparent text
        )
        join saved on saved.id = item.order_id
        order by place
    )
    select id from saved
    """
)


async def save_all(connection: AsyncConnection, savings: Sequence[Saving]) -> list[bool]:
    """Whether each was written, with its fills and events: not when somebody has changed the order or stored one of
    the fills meanwhile, and not when an earlier one of the batch changes the same order."""
    first: dict[int, Saving] = {}
    for saving in savings:
        first.setdefault(saving.before.id, saving)
    fills = [values_of(saving.before, fill) for saving in first.values() for fill in saving.fills]
    events = [entry | {"order_id": saving.before.id} for saving in first.values() for entry in saving.events]
    rows = {
        "changes": [_changed(saving) for saving in first.values()],
        "fills": fills,
        "events": [entry | {"place": place} for place, entry in enumerate(events)],
    }
    parameters = {name: orjson.dumps(value, default=str).decode() for name, value in rows.items()}
    saved = set(await connection.scalars(_SAVE, parameters))
    return [saving.before.id in saved and first[saving.before.id] is saving for saving in savings]


def _changed(saving: Saving) -> dict[str, Any]:
    after = saving.after
    return {
        "id": saving.before.id,
        "version": saving.before.version,
        "exchange_order_id": after.exchange_order_id,
        "status": after.status,
        "filled_amount": after.filled_amount,
        "filled_quote": after.filled_quote,
        "venue_filled_amount": after.venue_filled_amount,
        "fee_paid": after.fee_paid,
        "fee_currency": after.fee_currency,
        "fee_quote": after.fee_quote,
        "error_message": after.error_message,
        "settled": after.settled,
        "updated_at": after.updated_at,
    }
