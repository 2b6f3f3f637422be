"""What a wallet lets a connector take, looked at before a transaction that would be reverted for want of it."""

from collections.abc import Sequence
from decimal import Decimal

from aviary_common.errors import BadRequest
from aviary_common.rates.budget import Priority
from aviary_gateway_proxy.addresses import ETHEREUM
from aviary_gateway_proxy.clmm.subject import End
from aviary_gateway_proxy.pools.shapes import decimal
from aviary_gateway_proxy.transactions.record import Wallet
from aviary_gateway_proxy.upstream.client import Gateway


class Allowances:
    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    async def require(
        self, wallet: Wallet, connector: str, wanted: Sequence[tuple[End, Decimal | None]], pool_type: str = "clmm"
    ) -> None:
        """400 ``insufficient_allowance`` names the spender and the call that helps. Tokens that Gateway's list does not
        have are left to Gateway."""
        asked = {end.token.symbol: amount for end, amount in wanted if amount and end.token}
        if wallet.chain != ETHEREUM or not asked:
            return
        spender = f"{connector}/{pool_type}"
        body = {"network": wallet.network, "address": wallet.address, "spender": spender, "tokens": list(asked)}
        told = await self._gateway.post("/chains/ethereum/allowances", body, priority=Priority.TRADING)
        given = {symbol: decimal(amount) for symbol, amount in (told.get("approvals") or {}).items()}
        for symbol, amount in asked.items():
            if given.get(symbol, Decimal(0)) < amount:
                raise _missing(wallet, spender, symbol, amount, given.get(symbol, Decimal(0)))


def _missing(wallet: Wallet, spender: str, symbol: str, amount: Decimal, given: Decimal) -> BadRequest:
    call = (
        f'POST /chains/ethereum/approve {{"network": "{wallet.network}", "address": "{wallet.address}", '
        f'"spender": "{spender}", "token": "{symbol}"}}'
    )
    words = f"{wallet.address} lets {spender} take {given:f} {symbol}, and {amount:f} are needed. Grant it with {call}."
    return BadRequest(words, code="insufficient_allowance")
