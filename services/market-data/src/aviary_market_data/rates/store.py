"""The queries on the source of rates."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from aviary_market_data.rates.tables import rate_source

_CHOSEN: Final = (rate_source.c.source, rate_source.c.quote_token, rate_source.c.quote_symbol)


@dataclass(frozen=True, slots=True)
class RateSource:
    source: str
    quote_token: str
    quote_symbol: str


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody wants changed; ``None`` stays as it is."""

    source: str | None = None
    quote_token: str | None = None
    quote_symbol: str | None = None


async def chosen(connection: AsyncConnection) -> RateSource | None:
    row = (await connection.execute(select(*_CHOSEN))).one_or_none()
    return None if row is None else RateSource(*row)


async def choose(connection: AsyncConnection, choice: Choice, defaults: RateSource) -> RateSource:
    """What holds from now on; two who change different things at once both get their way."""
    statement = insert(rate_source).values(
        source=choice.source or defaults.source,
        quote_token=choice.quote_token or defaults.quote_token,
        quote_symbol=choice.quote_symbol or defaults.quote_symbol,
    )
    changed = {name: value for name in RateSource.__slots__ if (value := getattr(choice, name)) is not None}
    upsert = statement.on_conflict_do_update(
        index_elements=[rate_source.c.single], set_={**changed, "updated_at": func.now()}
    )
    return RateSource(*(await connection.execute(upsert.returning(*_CHOSEN))).one())
