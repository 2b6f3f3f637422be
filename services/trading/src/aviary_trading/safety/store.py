"""The queries on limits and halts, and what limits are held against."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import case, delete, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from aviary_trading.fills.tables import fill
from aviary_trading.orders.tables import IS_ACTIVE, order
from aviary_trading.safety.limits import RiskLimits
from aviary_trading.safety.tables import halt, risk_limit


@dataclass(frozen=True, slots=True)
class Halt:
    account_name: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Flow:
    """What an account's fills of one pair moved: base bought less base sold, quote received less quote paid, fees."""

    connector_name: str
    trading_pair: str
    base: Decimal
    quote: Decimal
    fee_quote: Decimal


async def hold_account(connection: AsyncConnection, account_name: str) -> None:
    """Until the transaction ends, nobody else decides on an order of this account."""
    lock = func.pg_advisory_xact_lock(func.hashtext(f"risk:{account_name}"))
    await connection.execute(select(lock))


async def halt_of(connection: AsyncConnection, account_name: str) -> Halt | None:
    row = (await connection.execute(select(halt).where(halt.c.account_name == account_name))).one_or_none()
    return None if row is None else Halt(row.account_name, row.reason, row.at)


async def halts(connection: AsyncConnection) -> list[Halt]:
    rows = await connection.execute(select(halt).order_by(halt.c.account_name))
    return [Halt(row.account_name, row.reason, row.at) for row in rows]


async def set_halts(connection: AsyncConnection, account_names: Sequence[str], reason: str, now: datetime) -> None:
    """A second halt keeps the time and reason of the first."""
    rows = [{"account_name": name, "reason": reason, "at": now} for name in account_names]
    if rows:
        await connection.execute(insert(halt).on_conflict_do_nothing(), rows)


async def lift_halts(connection: AsyncConnection, account_names: Sequence[str]) -> list[str]:
    """Those that were halted."""
    lifted = delete(halt).where(halt.c.account_name.in_(account_names)).returning(halt.c.account_name)
    return sorted(await connection.scalars(lifted))


async def limits_of(connection: AsyncConnection, account_name: str) -> RiskLimits | None:
    query = select(risk_limit).where(risk_limit.c.account_name == account_name)
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        return None
    return RiskLimits(
        max_order_notional=row.max_order_notional,
        max_open_orders=row.max_open_orders,
        max_daily_loss=row.max_daily_loss,
        max_orders_per_minute=row.max_orders_per_minute,
        allowed_pairs=None if row.allowed_pairs is None else tuple(row.allowed_pairs),
    )


async def set_limits(connection: AsyncConnection, account_name: str, limits: RiskLimits) -> None:
    values = asdict(limits) | {"allowed_pairs": None if limits.allowed_pairs is None else list(limits.allowed_pairs)}
    row = insert(risk_limit).values(account_name=account_name, **values)
    await connection.execute(row.on_conflict_do_update(index_elements=[risk_limit.c.account_name], set_=values))


async def lift_limits(connection: AsyncConnection, account_name: str) -> None:
    await connection.execute(delete(risk_limit).where(risk_limit.c.account_name == account_name))


async def open_orders(connection: AsyncConnection, account_name: str) -> int:
    query = select(func.count()).select_from(order).where(order.c.account_name == account_name, text(IS_ACTIVE))
    return await connection.scalar(query) or 0


async def orders_since(connection: AsyncConnection, account_name: str, since: datetime) -> int:
    query = (
        select(func.count()).select_from(order).where(order.c.account_name == account_name, order.c.created_at > since)
    )
    return await connection.scalar(query) or 0


async def flows_since(connection: AsyncConnection, account_name: str, since: datetime) -> list[Flow]:
    bought = fill.c.trade_type == "BUY"
    base = func.sum(case((bought, fill.c.amount), else_=-fill.c.amount))
    quote = func.sum(case((bought, -fill.c.amount * fill.c.price), else_=fill.c.amount * fill.c.price))
    fees = func.sum(func.coalesce(fill.c.fee_quote, 0))
    query = (
        select(fill.c.connector_name, fill.c.trading_pair, base.label("base"), quote.label("quote"), fees.label("fee"))
        .where(fill.c.account_name == account_name, fill.c.at >= since)
        .group_by(fill.c.connector_name, fill.c.trading_pair)
    )
    rows = await connection.execute(query)
    return [Flow(row.connector_name, row.trading_pair, row.base, row.quote, row.fee) for row in rows]
