"""Whether an approval or a wrapping whose answer was lost has happened: by what it was to change."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from aviary_common.rates.budget import Priority
from aviary_gateway_proxy.pools.shapes import decimal
from aviary_gateway_proxy.transactions.record import Transaction, TxKind
from aviary_gateway_proxy.transactions.recover import Evidence
from aviary_gateway_proxy.transactions.snapshot import Snapshot
from aviary_gateway_proxy.upstream.client import Gateway

UNLIMITED: Final = Decimal(10) ** 18
"""Whole tokens: of what is approved without a limit there is always more."""


async def wrapping(transaction: Transaction, before: Snapshot, balances: Mapping[str, int]) -> Evidence:
    """It moves the wrapped token's balance, up or down."""
    token = transaction.about.get("wrapped_address")
    if token is None or token not in balances or token not in before.balances:
        return Evidence(None)
    moved = Decimal(balances[token] - before.balances[token]).scaleb(-int(transaction.about["decimals"]))
    wanted = Decimal(transaction.about["amount"])
    return Evidence(moved == (wanted if transaction.kind is TxKind.WRAP else -wanted))


class ApprovalWitness:
    """Looks at the allowance as it is now."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    async def __call__(
        self,
        transaction: Transaction,
        before: Snapshot,  # noqa: ARG002
        balances: Mapping[str, int],  # noqa: ARG002
    ) -> Evidence:
        about = transaction.about
        told = await self._gateway.post(
            f"/chains/{transaction.chain}/allowances",
            {
                "network": transaction.network,
                "address": transaction.wallet,
                "spender": about["spender"],
                "tokens": [about["token"]],
            },
            priority=Priority.POLLING,
        )
        present = decimal(next(iter(told["approvals"].values()), 0))
        wanted = UNLIMITED if about["amount"] is None else Decimal(about["amount"])
        return Evidence(present >= wanted if wanted else not present)
