"""One wallet with all that it holds."""

import asyncio

from aviary_gateway_proxy.wallets.balances import WalletReader
from aviary_gateway_proxy.wallets.keeping import WalletKeeping
from aviary_gateway_proxy.wallets.pricing import WalletPricing
from aviary_gateway_proxy.wallets.schemas import WalletOut


class WalletDesk:
    def __init__(self, keeping: WalletKeeping, reader: WalletReader, pricing: WalletPricing) -> None:
        self._keeping = keeping
        self._reader = reader
        self._pricing = pricing

    async def show(self, chain: str, address: str) -> WalletOut:
        """On the chain's default networks. 404 ``unknown_wallet``, 503 ``node_unreachable``."""
        wallet = await self._keeping.get(chain, address)
        places = await self._reader.places(wallet.chain, [wallet.address])
        holdings = await asyncio.gather(*(self._reader.read(each) for each in places))
        prices = await self._pricing.of({token for each in holdings for token in each.units})
        return WalletOut.of(wallet, holdings, prices)
