"""A chain's default networks and wallet, as Gateway is configured."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from aviary_common.errors import NotFound
from aviary_gateway_proxy.directory import Directory
from aviary_gateway_proxy.names import NetworkId
from aviary_gateway_proxy.upstream.client import Gateway

DEFAULT_NETWORK: Final = "defaultNetwork"
DEFAULT_WALLET: Final = "defaultWallet"
PLACEHOLDER: Final = "<"
"""Gateway ships ``<ethereum-wallet-address>`` where no wallet has been chosen."""


@dataclass(frozen=True)
class Defaults:
    """``networks`` are those whose balances count, the default one first."""

    wallet: str | None
    networks: tuple[str, ...]

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> "Defaults":
        wallet = str(settings.get(DEFAULT_WALLET) or "")
        first = settings.get(DEFAULT_NETWORK)
        more = settings.get("defaultNetworks") or []
        listed = more.split(",") if isinstance(more, str) else more
        named = [str(each).strip() for each in ([first] if first else []) + list(listed)]
        networks = dict.fromkeys(each for each in named if each and not each.startswith(PLACEHOLDER))
        return cls(wallet if wallet and not wallet.startswith(PLACEHOLDER) else None, tuple(networks))


class ChainDefaults:
    def __init__(self, gateway: Gateway, directory: Directory) -> None:
        self._gateway = gateway
        self._directory = directory

    async def of(self, chain: str, **how: Any) -> Defaults:
        """404 ``unknown_chain``. ``how`` as in ``Gateway.send``."""
        known = (await self._directory.known()).chain(chain)
        return Defaults.of(await self._gateway.get("/config", {"namespace": known}, **how))

    async def network(self, chain: str) -> NetworkId:
        found = await self.of(chain)
        if not found.networks:
            raise NotFound(f"Gateway has no default network of {chain}: name one.", code="unknown_network")
        return await self._directory.network(found.networks[0], chain)

    async def wallet(self, chain: str) -> str:
        """404 ``no_default_wallet``."""
        found = await self.of(chain)
        if found.wallet is None:
            words = f"Gateway has no default wallet of {chain}: name an address, or add a wallet."
            raise NotFound(words, code="no_default_wallet")
        return found.wallet
