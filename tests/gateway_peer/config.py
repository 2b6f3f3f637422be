"""Gateway's configuration: namespaces of settings, checked by the type that each already has."""

import json
from dataclasses import dataclass, field
from typing import Final

from tests.gateway_peer.errors import BadRequest, NotFound
from tests.gateway_peer.networks import EVM_NETWORKS, SOLANA_NETWORKS

Value = str | int | float | bool | list[str] | None
Settings = dict[str, Value]

CHAINS: Final = {"ethereum": [each.name for each in EVM_NETWORKS], "solana": list(SOLANA_NETWORKS)}


@dataclass(frozen=True)
class Connector:
    name: str
    trading_types: tuple[str, ...]
    chain: str
    networks: tuple[str, ...]

    def view(self) -> dict[str, object]:
        return {
            "name": self.name,
            "trading_types": list(self.trading_types),
            "chain": self.chain,
            "networks": list(self.networks),
        }


_UNISWAP: Final = ("arbitrum", "avalanche", "base", "bsc", "celo", "mainnet", "optimism", "polygon", "sepolia")
_ZERO_X: Final = ("arbitrum", "avalanche", "base", "bsc", "mainnet", "optimism", "polygon")
CONNECTORS: Final = {
    each.name: each
    for each in (
        Connector("jupiter", ("router",), "solana", ("mainnet-beta", "devnet")),
        Connector("meteora", ("clmm",), "solana", ("mainnet-beta", "devnet")),
        Connector("raydium", ("amm", "clmm"), "solana", ("mainnet-beta", "devnet")),
        Connector("uniswap", ("router", "amm", "clmm"), "ethereum", _UNISWAP),
        Connector("0x", ("router",), "ethereum", _ZERO_X),
        Connector("pancakeswap", ("router", "amm", "clmm"), "ethereum", ("arbitrum", "base", "bsc", "mainnet")),
        Connector("pancakeswap-sol", ("clmm",), "solana", ("mainnet-beta", "devnet")),
        Connector("orca", ("clmm",), "solana", ("mainnet-beta", "devnet")),
    )
}


@dataclass
class Config:
    namespaces: dict[str, Settings] = field(default_factory=dict)

    def get(self, namespace: str) -> Settings:
        """A network's settings stand with its chain's."""
        if namespace not in self.namespaces:
            raise NotFound(f"Namespace '{namespace}' not found")
        chain, _, network = namespace.partition("-")
        shared = self.namespaces[chain] if network and chain in CHAINS else {}
        return {**shared, **self.namespaces[namespace]}

    def update(self, namespace: str, path: str, value: Value) -> str:
        settings = self.namespaces.get(namespace)
        if settings is None:
            raise NotFound(f"Namespace '{namespace}' not found")
        if path not in settings:
            raise BadRequest(f"Failed to set the configuration value: '{path}' is not in the schema of '{namespace}'")
        settings[path] = _as_typed(path, settings[path], value)
        return f"Configuration updated successfully: '{namespace}.{path}' set to {json.dumps(settings[path])}"

    def text(self, namespace: str, path: str) -> str:
        return str(self.get(namespace).get(path) or "")


def _as_typed(path: str, present: Value, value: Value) -> Value:
    """Text becomes a number or a boolean where the setting is one; anything else breaks the schema."""
    if isinstance(value, str) and isinstance(present, bool):
        value = {"true": True, "false": False}.get(value.lower(), value)
    elif isinstance(value, str) and isinstance(present, int | float):
        value = _number(value)
    if not _fits(present, value):
        raise BadRequest(f"Failed to set the configuration value: {path} must be {_json_type(present)}")
    return value


def _number(text: str) -> Value:
    try:
        return float(text) if "." in text else int(text)
    except ValueError:
        return text


def _fits(present: Value, value: Value) -> bool:
    return present is None or _json_type(present) == _json_type(value)


def _json_type(value: Value) -> str:
    names: dict[type, str] = {bool: "boolean", int: "number", float: "number", str: "string", list: "array"}
    return names.get(type(value), "null")


def shipped(port: int, node_url: str | None) -> Config:
    """As the templates have it; with a node of our own, every EVM network's ``nodeURL`` is that node's."""
    namespaces: dict[str, Settings] = {
        "server": {
            "port": port,
            "certificatePath": "./certs/",
            "logPath": "./logs",
            "logToStdOut": True,
            "GMTOffset": -8,
            "ipWhitelist": [],
        },
        "apiKeys": {"helius": "", "infura": "", "coingecko": "", "etherscan": ""},
        "ethereum": {
            "defaultNetwork": "mainnet",
            "defaultWallet": "<ethereum-wallet-address>",
            "rpcProvider": "url",
        },
        "solana": {
            "defaultNetwork": "mainnet-beta",
            "defaultWallet": "<solana-wallet-address>",
            "rpcProvider": "url",
        },
    }
    for network in EVM_NETWORKS:
        url = f"{node_url}/ethereum-{network.name}" if node_url else f"https://{network.name}.invalid/v2/provider-key"
        namespaces[f"ethereum-{network.name}"] = {
            "chainID": network.chain_id,
            "nodeURL": url,
            "nativeCurrencySymbol": network.native,
            "transactionExecutionTimeoutMs": 10000,
            "swapProvider": "uniswap/router",
            "baseFee": None,
            "baseFeeMultiplier": 1.2,
            "priorityFee": 0.001,
        }
    for name in SOLANA_NETWORKS:
        namespaces[f"solana-{name}"] = {
            "chainID": 101 if name == "mainnet-beta" else 103,
            "nodeURL": f"https://{name}.solana.invalid",
            "nativeCurrencySymbol": "SOL",
            "swapProvider": "jupiter/router",
            "defaultComputeUnits": 200000,
            "confirmRetryInterval": 0.5,
            "confirmRetryCount": 10,
            "minPriorityFeePerCU": 0.1,
        }
    for connector in CONNECTORS:
        namespaces[connector] = {"slippagePct": 2}
    namespaces["0x"]["apiKey"] = ""
    namespaces["uniswap"] |= {"maximumHops": 4, "maximumSplits": 3}
    namespaces["jupiter"] |= {"priorityLevel": "medium", "apiKey": ""}
    return Config(namespaces)
