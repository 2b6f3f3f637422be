"""The latest balances of every session, in Valkey: the session's owner writes, every replica reads."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Final

from redis.asyncio import Redis

from aviary_common.leases import Lease
from aviary_exchange.types import Balance
from aviary_messages.questions import ConnectorBalances, TokenBalance

KEEP_S: Final = 90.0
"""An owner writes at least every 30 s; what is older has no owner and is not shown as current."""


def _key(account_name: str, connector_name: str) -> str:
    return f"balances:{account_name}:{connector_name}"


class BalanceBoard:
    def __init__(self, cache: Redis) -> None:
        self._cache = cache

    async def write(
        self, lease: Lease, account_name: str, connector_name: str, balances: Iterable[Balance], at: datetime
    ) -> None:
        """Raises ``LeaseLost`` when another owner has written since."""
        item = told(account_name, connector_name, balances, at)
        await lease.write(_key(account_name, connector_name), item.model_dump_json(), ttl_s=KEEP_S)

    async def read(self, account_name: str, connector_name: str) -> ConnectorBalances | None:
        raw = await self._cache.get(_key(account_name, connector_name))
        return None if raw is None else ConnectorBalances.model_validate_json(raw)


def told(account_name: str, connector_name: str, balances: Iterable[Balance], at: datetime) -> ConnectorBalances:
    tokens = [TokenBalance(token=item.token, total=item.total, available=item.available) for item in balances]
    return ConnectorBalances(
        account_name=account_name, connector_name=connector_name, balances=sorted(tokens, key=_by_token), at=at
    )


def merge(known: dict[str, Balance], changed: Iterable[Balance]) -> list[str]:
    """Take over what a stream reported; the tokens that really moved."""
    moved = []
    for balance in changed:
        if known.get(balance.token, Balance(balance.token, Decimal(0), Decimal(0))) != balance:
            known[balance.token] = balance
            moved.append(balance.token)
    return moved


def _by_token(balance: TokenBalance) -> str:
    return balance.token
