"""Gateway's wallets: added, removed and chosen. A private key passes through here and is kept nowhere."""

from dataclasses import dataclass
from typing import Any, Final

from pydantic import SecretStr

from aviary_common import logs
from aviary_common.errors import BadRequest, NotFound, TooManyRequests, UpstreamFailed
from aviary_gateway_proxy.addresses import address_on, same_address
from aviary_gateway_proxy.chains.defaults import DEFAULT_NETWORK, DEFAULT_WALLET, ChainDefaults
from aviary_gateway_proxy.configuration.service import Configuration
from aviary_gateway_proxy.directory import Directory
from aviary_gateway_proxy.names import NetworkId
from aviary_gateway_proxy.upstream.client import Answer, Gateway
from aviary_gateway_proxy.upstream.errors import translated

log = logs.get(__name__)

KEY_FORMS: Final = {
    "ethereum": " It is 32 bytes in hex, with or without 0x.",
    "solana": " It is 64 bytes in base58.",
}


@dataclass(frozen=True)
class ChainWallets:
    chain: str
    addresses: tuple[str, ...]
    hardware: tuple[str, ...]
    default: str | None


@dataclass(frozen=True)
class Wallet:
    chain: str
    address: str
    is_default: bool
    is_hardware: bool


@dataclass(frozen=True)
class NewWallet:
    chain: str
    private_key: SecretStr
    set_default: bool
    network: str | None


@dataclass(frozen=True)
class Removed:
    """``default`` is the chain's default wallet afterwards; ``was_default`` says that it was the removed one before."""

    wallet: Wallet
    was_default: bool
    default: str | None


class WalletKeeping:
    def __init__(
        self, gateway: Gateway, directory: Directory, defaults: ChainDefaults, configuration: Configuration
    ) -> None:
        self._gateway = gateway
        self._directory = directory
        self._defaults = defaults
        self._configuration = configuration

    async def add(self, new: NewWallet) -> tuple[str, NetworkId | None]:
        """Its address, and the chain's new default network where one was set. A key that Gateway knows already is no
        error. 400 ``refused_key``, and nothing of the key in any error."""
        chain = (await self._directory.known()).chain(new.chain)
        where = await self._directory.network(new.network, chain) if new.network else None
        key = new.private_key.get_secret_value().strip()
        body = {"chain": chain, "privateKey": key, "setDefault": new.set_default}
        answer = await self._gateway.send("POST", "/wallet/add", body=body)
        address = str(_added(chain, answer)["address"])
        log.info("wallet added", chain=chain, address=address)
        if where is None or not new.set_default:
            return address, None
        await self._configuration.change(chain, {DEFAULT_NETWORK: where.network})
        return address, where

    async def all(self, **how: Any) -> list[ChainWallets]:
        """Of all chains. ``how`` as in ``Gateway.send``."""
        told = await self._gateway.get("/wallet", {"showHardware": "true"}, **how)
        return [await self._of_chain(each, **how) for each in told]

    async def get(self, chain: str, address: str) -> Wallet:
        """404 ``unknown_wallet``, 422 for a malformed address."""
        known = (await self._directory.known()).chain(chain)
        asked = address_on(known, address)
        for own in await self.all():
            for each in (*own.addresses, *own.hardware):
                if own.chain == known and same_address(known, each, asked):
                    is_default = own.default is not None and same_address(known, each, own.default)
                    return Wallet(known, each, is_default, each in own.hardware)
        raise NotFound(f"Gateway has no wallet {address} of {known}.", code="unknown_wallet")

    async def set_default(self, chain: str, address: str) -> Wallet:
        wallet = await self.get(chain, address)
        await self._gateway.post("/wallet/setDefault", {"chain": wallet.chain, "address": wallet.address})
        return wallet

    async def remove(self, chain: str, address: str) -> Removed:
        """404 when it is not there, though Gateway would say that it is removed. Gateway leaves its default at a
        removed wallet: then another of the chain becomes it, or none."""
        wallet = await self.get(chain, address)
        body = {"chain": wallet.chain, "address": wallet.address}
        _good(await self._gateway.send("DELETE", "/wallet/remove", body=body))
        log.info("wallet removed", chain=wallet.chain, address=wallet.address)
        own = next(each for each in await self.all() if each.chain == wallet.chain)
        if not wallet.is_default:
            return Removed(wallet, False, own.default)
        return Removed(wallet, True, await self._choose_default(own))

    async def _choose_default(self, own: ChainWallets) -> str | None:
        for address in (*own.addresses, *own.hardware):
            await self._gateway.post("/wallet/setDefault", {"chain": own.chain, "address": address})
            return address
        await self._configuration.change(own.chain, {DEFAULT_WALLET: f"<{own.chain}-wallet-address>"})
        return None

    async def _of_chain(self, told: Any, **how: Any) -> ChainWallets:
        chain = told["chain"]
        defaults = await self._defaults.of(chain, **how)
        return ChainWallets(
            chain,
            tuple(told["walletAddresses"]),
            tuple(told.get("hardwareWalletAddresses") or ()),
            defaults.wallet,
        )


def _added(chain: str, answer: Answer) -> Any:
    """Gateway's words are not passed on: its refusal holds the beginning of the key."""
    if answer.is_good:
        return answer.body
    if answer.status == TooManyRequests.status:
        raise translated(answer.status, answer.body, answer.retry_after)
    if answer.status >= 500:
        raise UpstreamFailed("Gateway failed to add the wallet; its own log says why.", code="wallet_not_added")
    raise BadRequest(f"Gateway refused the private key for {chain}.{KEY_FORMS.get(chain, '')}", code="refused_key")


def _good(answer: Answer) -> Any:
    if not answer.is_good:
        raise translated(answer.status, answer.body, answer.retry_after)
    return answer.body
