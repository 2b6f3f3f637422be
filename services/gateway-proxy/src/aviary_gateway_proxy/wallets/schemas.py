"""What ``/accounts/gateway`` takes and answers."""

from typing import Annotated, Self

from pydantic import BaseModel, Field, SecretStr, computed_field

from aviary_common.models import DecimalNumber, Tolerant, aliases, example
from aviary_gateway_proxy.wallets.balances import Holdings
from aviary_gateway_proxy.wallets.keeping import ChainWallets, Removed, Wallet
from aviary_gateway_proxy.wallets.pricing import Prices

PrivateKey = Annotated[SecretStr, Field(min_length=1, max_length=1000)]


class AddWallet(Tolerant):
    """``network`` becomes the chain's default network when the wallet becomes its default."""

    model_config = example(
        {"chain": "ethereum", "private_key": "0x1111111111111111111111111111111111111111111111111111111111111111"}
    )

    chain: str
    private_key: PrivateKey = aliases("private_key", "privateKey")
    network: str | None = None
    set_default: bool = aliases("set_default", "setDefault", default=True)


class WalletAdded(BaseModel):
    """``network`` is the chain's default network, where it was set with the wallet."""

    address: str
    chain: str
    is_default: bool
    network: str | None = None


class WalletsOut(BaseModel):
    """Addresses under Gateway's own names and under ours."""

    chain: str
    wallet_addresses: list[str]
    hardware_wallet_addresses: list[str]
    default_address: str | None

    @computed_field(alias="walletAddresses")  # type: ignore[prop-decorator]
    @property
    def gateways_addresses(self) -> list[str]:
        return self.wallet_addresses

    @computed_field(alias="hardwareWalletAddresses")  # type: ignore[prop-decorator]
    @property
    def gateways_hardware(self) -> list[str]:
        return self.hardware_wallet_addresses

    @classmethod
    def of(cls, own: ChainWallets) -> Self:
        return cls(
            chain=own.chain,
            wallet_addresses=list(own.addresses),
            hardware_wallet_addresses=list(own.hardware),
            default_address=own.default,
        )


class NamedWallet(Tolerant):
    model_config = example({"chain": "ethereum", "address": "0xAb5801a7D398351b8bE11C439e05C5B3259aeC9B"})

    chain: str
    address: str


class DefaultSet(BaseModel):
    success: bool = True
    message: str
    chain: str
    address: str

    @classmethod
    def of(cls, wallet: Wallet) -> Self:
        told = f"{wallet.address} is the default wallet of {wallet.chain}."
        return cls(message=told, chain=wallet.chain, address=wallet.address)


class WalletRemoved(BaseModel):
    """``default_address`` is the chain's default wallet now."""

    success: bool = True
    message: str
    default_address: str | None

    @classmethod
    def of(cls, removed: Removed) -> Self:
        told = f"Gateway no longer has the wallet {removed.wallet.address} of {removed.wallet.chain}."
        if removed.was_default:
            told += f" It was the default one; now {removed.default or 'none'} is."
        return cls(message=told, default_address=removed.default)


class HeldToken(BaseModel):
    """As in the portfolio: without a known price ``price`` is null and ``value`` too."""

    network: str
    token: str
    units: DecimalNumber
    available_units: DecimalNumber
    price: DecimalNumber | None
    value: DecimalNumber | None


class WalletOut(BaseModel):
    chain: str
    address: str
    is_default: bool
    is_hardware: bool
    networks: list[str]
    balances: list[HeldToken]

    @classmethod
    def of(cls, wallet: Wallet, holdings: list[Holdings], prices: Prices) -> Self:
        return cls(
            **vars(wallet),
            networks=[each.place.where.network for each in holdings],
            balances=[held for each in holdings for held in _held(each, prices)],
        )


def _held(holdings: Holdings, prices: Prices) -> list[HeldToken]:
    found = []
    for token, units in holdings.units.items():
        price = prices.known.get(token)
        value = None if price is None else units * price
        network = holdings.place.where.network
        found.append(
            HeldToken(network=network, token=token, units=units, available_units=units, price=price, value=value)
        )
    return found
