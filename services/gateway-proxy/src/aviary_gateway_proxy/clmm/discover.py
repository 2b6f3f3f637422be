"""A position that was opened elsewhere: what it is when it is first met counts as its start."""

from datetime import datetime

from aviary_common.database import Database
from aviary_gateway_proxy.clmm import store
from aviary_gateway_proxy.clmm.project import empty_row, width
from aviary_gateway_proxy.clmm.record import EventType
from aviary_gateway_proxy.clmm.subject import KnownPosition
from aviary_gateway_proxy.pools.orientation import oriented_position
from aviary_gateway_proxy.transactions.record import Wallet
from aviary_gateway_proxy.transactions.states import TxState, TxStatus


async def discover(database: Database, known: KnownPosition, wallet: Wallet, now: datetime) -> None:
    """Written once, whoever meets it first."""
    where, connector, ends = known.place.where, known.place.connector.name, known.ends
    info = oriented_position(where.chain, ends.base.address, known.info)
    place = {
        "network": str(where),
        "connector": connector,
        "wallet_address": wallet.address,
        "pool_address": info.pool_address,
        "position_address": info.address,
        "trading_pair": ends.pair,
    }
    amounts = {"base_token_amount": info.base_token_amount, "quote_token_amount": info.quote_token_amount}
    row = (
        empty_row()
        | place
        | amounts
        | {
            "base_token": ends.base.symbol,
            "quote_token": ends.quote.symbol,
            "base_token_address": ends.base.address,
            "quote_token_address": ends.quote.address,
            "created_at": now,
            "last_updated": now,
            "lower_price": info.lower_price,
            "upper_price": info.upper_price,
            "lower_bin_id": info.lower_bin_id,
            "upper_bin_id": info.upper_bin_id,
            "entry_price": info.price,
            "current_price": info.price,
            "percentage": width(info.lower_price, info.upper_price),
            "base_fee_pending": info.base_fee_amount,
            "quote_fee_pending": info.quote_fee_amount,
        }
    )
    event = (
        place
        | amounts
        | {
            "pool_type": "clmm",
            "event_type": EventType.DISCOVERED.value,
            "timestamp": now,
            "status": TxStatus.CONFIRMED.value,
            "state": TxState.CONFIRMED.value,
        }
    )
    async with database.transaction() as connection:
        if await store.add(connection, row):
            await store.add_event(connection, event)
            await store.sum_up(connection, (str(where), connector, info.address))
