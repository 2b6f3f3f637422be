"""What is remembered of positions before a transaction, and what proves afterwards that it happened."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from aviary_common.rates.budget import Priority
from aviary_common.timestamps import utc_now
from aviary_gateway_proxy.clmm.read import PositionReader
from aviary_gateway_proxy.names import NetworkId
from aviary_gateway_proxy.pools.orientation import oriented_position
from aviary_gateway_proxy.pools.shapes import PositionInfo
from aviary_gateway_proxy.transactions.record import Transaction, TxKind
from aviary_gateway_proxy.transactions.recover import Evidence
from aviary_gateway_proxy.transactions.snapshot import Snapshot

FRESH: Final = timedelta(seconds=2)
CHANGED: Final = {
    TxKind.ADD: ("baseTokenAmountAdded", "quoteTokenAmountAdded"),
    TxKind.REMOVE: ("baseTokenAmountRemoved", "quoteTokenAmountRemoved"),
    TxKind.COLLECT: ("baseFeeAmountCollected", "quoteFeeAmountCollected"),
    TxKind.CLOSE: ("baseTokenAmountRemoved", "quoteTokenAmountRemoved"),
    TxKind.AMM_ADD: ("baseTokenAmountAdded", "quoteTokenAmountAdded"),
    TxKind.AMM_REMOVE: ("baseTokenAmountRemoved", "quoteTokenAmountRemoved"),
}


class ClmmMemory:
    """Of an opening, the positions that the wallet owns; of any other change, the position as it is."""

    def __init__(self, reader: PositionReader) -> None:
        self._reader = reader

    async def __call__(self, transaction: Transaction) -> Mapping[str, Any]:
        where = NetworkId(transaction.chain, transaction.network)
        connector, about = transaction.connector or "", transaction.about
        if transaction.kind is TxKind.OPEN:
            owned = await self._reader.owned(where, connector, transaction.wallet, Priority.TRADING)
            return {"positions": [str(each["address"]) for each in owned]}
        if about.get("info") and utc_now() - transaction.created_at < FRESH:
            return {"info": about["info"]}
        address = str(about["position_address"])
        info = await self._reader.info(where, connector, address, transaction.wallet, Priority.TRADING)
        return {"info": info}


class ClmmWitness:
    """Openings are known by a position that was not there before, closings by one that is gone, and all other changes
    by what they moved in or out of the wallet."""

    def __init__(self, reader: PositionReader) -> None:
        self._reader = reader

    async def __call__(self, transaction: Transaction, before: Snapshot, balances: Mapping[str, int]) -> Evidence:
        if transaction.kind is TxKind.OPEN:
            return await self._opened(transaction, before)
        if transaction.kind is not TxKind.CLOSE:
            return await by_balances(transaction, before, balances)
        told = _moved(transaction, before, balances)
        if str(transaction.about["position_address"]) in {each["address"] for each in await self._owned(transaction)}:
            return Evidence(seen=False)
        return Evidence(seen=True, result=_result(transaction, told or _principal(before)))

    async def _opened(self, transaction: Transaction, before: Snapshot) -> Evidence:
        about, known = transaction.about, set(before.domain.get("positions") or ())
        for told in await self._owned(transaction):
            same_pool = str(told["poolAddress"]).lower() == str(about["pool_address"]).lower()
            if str(told["address"]) in known or not same_pool:
                continue
            info = oriented_position(transaction.chain, about["told_base"], PositionInfo.of(told))
            result = {
                "positionAddress": info.address,
                "baseTokenAmountAdded": str(info.base_token_amount),
                "quoteTokenAmountAdded": str(info.quote_token_amount),
            }
            return Evidence(seen=True, result=result)
        return Evidence(seen=False)

    async def _owned(self, transaction: Transaction) -> list[dict[str, Any]]:
        where = NetworkId(transaction.chain, transaction.network)
        found = await self._reader.owned(where, transaction.connector or "", transaction.wallet, Priority.POLLING)
        return [{**each, "address": str(each["address"])} for each in found]


async def by_balances(transaction: Transaction, before: Snapshot, balances: Mapping[str, int]) -> Evidence:
    """A ``Witness`` of what moves tokens between a wallet and a pool."""
    told = _moved(transaction, before, balances)
    return Evidence(None) if told is None else Evidence(seen=any(told), result=_result(transaction, told))


def _moved(transaction: Transaction, before: Snapshot, balances: Mapping[str, int]) -> tuple[Decimal, Decimal] | None:
    """How much of both tokens has moved between wallet and position, in Gateway's order; None where nobody knows."""
    ends = transaction.about.get("tokens") or ()
    if len(ends) < 2 or any(not each or each[0] not in balances or each[0] not in before.balances for each in ends):
        return None
    base, quote = (
        abs(Decimal(balances[address] - before.balances[address]).scaleb(-int(decimals))) for address, decimals in ends
    )
    return base, quote


def _principal(before: Snapshot) -> tuple[Decimal, Decimal]:
    info = before.domain.get("info") or {}
    sums = [
        Decimal(str(info.get(f"{end}TokenAmount") or 0)) + Decimal(str(info.get(f"{end}FeeAmount") or 0))
        for end in ("base", "quote")
    ]
    return sums[0], sums[1]


def _result(transaction: Transaction, told: tuple[Decimal, Decimal]) -> dict[str, Any]:
    return {name: str(amount) for name, amount in zip(CHANGED[transaction.kind], told, strict=True)}
