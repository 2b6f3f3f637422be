"""All wallets' balances for the portfolio: read at most once a minute, for all replicas together."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final

from pydantic import BaseModel, TypeAdapter
from redis.asyncio import Redis
from redis.exceptions import RedisError

from aviary_common import logs
from aviary_common.errors import AviaryError, Unavailable, UpstreamFailed
from aviary_common.rates.budget import Priority
from aviary_common.timestamps import utc_now
from aviary_gateway_proxy.names import NetworkId
from aviary_gateway_proxy.upstream.client import Gateway
from aviary_gateway_proxy.wallets.balances import Holdings, Place, WalletReader
from aviary_gateway_proxy.wallets.keeping import WalletKeeping
from aviary_gateway_proxy.wallets.pricing import Prices, WalletPricing
from aviary_messages.questions import GetWalletBalances, WalletBalances, WalletBalancesAnswer, WalletToken

log = logs.get(__name__)

KEY: Final = "gateway-proxy:wallet-balances"
KEEP_S: Final = 24 * 3600
READY_WITHIN_S: Final = 1.0
AWAY_FOR_S: Final = 15.0
"""A Gateway that did not run is not looked for again before."""


class Known(BaseModel):
    """As Valkey keeps it."""

    read_at: datetime
    holdings: list[Holdings]


_KNOWN: Final = TypeAdapter(Known)


class WalletPortfolio:
    def __init__(
        self,
        gateway: Gateway,
        keeping: WalletKeeping,
        reader: WalletReader,
        pricing: WalletPricing,
        cache: Redis,
        max_age_s: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._gateway = gateway
        self._keeping = keeping
        self._reader = reader
        self._pricing = pricing
        self._cache = cache
        self._max_age_s = max_age_s
        self._clock = clock
        self._away_until = float("-inf")
        self._reading = asyncio.Lock()

    async def answer(self, question: GetWalletBalances) -> WalletBalancesAnswer:
        holdings = await self._known(refresh=question.refresh)
        if holdings is None:
            return WalletBalancesAnswer(is_running=False, wallets=[])
        prices = await self._pricing.of({token for each in holdings for token in each.units})
        return WalletBalancesAnswer(is_running=True, wallets=[_told(each, prices) for each in holdings])

    async def _known(self, *, refresh: bool) -> list[Holdings] | None:
        """None when Gateway does not run."""
        async with self._reading:
            if not await self._is_running():
                return None
            before = await self._kept()
            if before is not None and not refresh and self._is_fresh(before):
                return before.holdings
            try:
                holdings = await self._read(before)
            except Unavailable as error:
                log.info("Gateway went away", error=error.detail)
                self._away_until = self._clock() + AWAY_FOR_S
                return None
            except AviaryError as error:
                return _old(before, error)
            await self._keep(Known(read_at=utc_now(), holdings=holdings))
            return holdings

    async def _is_running(self) -> bool:
        if self._clock() < self._away_until:
            return False
        try:
            async with asyncio.timeout(READY_WITHIN_S):
                running = await self._gateway.is_ready()
        except (TimeoutError, AviaryError):
            running = False
        if not running:
            self._away_until = self._clock() + AWAY_FOR_S
        return running

    async def _read(self, before: Known | None) -> list[Holdings]:
        places: list[Place] = []
        for own in await self._keeping.all(priority=Priority.POLLING):
            places += await self._reader.places(own.chain, own.addresses, priority=Priority.POLLING)
        told_before = {each.place: each for each in before.holdings} if before else {}
        return await self._reader.read_all(places, told_before)

    def _is_fresh(self, known: Known) -> bool:
        return (utc_now() - known.read_at).total_seconds() < self._max_age_s

    async def _kept(self) -> Known | None:
        """What any replica read last; nothing when Valkey is away."""
        try:
            document = await self._cache.get(KEY)
        except RedisError:
            return None
        return _KNOWN.validate_json(document) if document else None

    async def _keep(self, known: Known) -> None:
        try:
            await self._cache.set(KEY, known.model_dump_json(), ex=KEEP_S)
        except RedisError as error:
            log.warning("wallets' balances not kept", error=str(error))


def _old(before: Known | None, error: AviaryError) -> list[Holdings]:
    """What was known, when Gateway runs and does not say which wallets it has."""
    if before is None:
        raise UpstreamFailed(f"Gateway's wallets cannot be read: {error.detail}", code="wallets_unread") from error
    return [replace(each, problem=error.detail) for each in before.holdings]


def _told(each: Holdings, prices: Prices) -> WalletBalances:
    where: NetworkId = each.place.where
    return WalletBalances(
        chain=where.chain,
        network=where.network,
        address=each.place.address,
        tokens=[
            WalletToken(token=token, units=units, price=prices.known.get(token)) for token, units in each.units.items()
        ],
        at=each.at,
        problem=each.problem,
        unpriced=prices.problem if any(token not in prices.known for token in each.units) else None,
    )
