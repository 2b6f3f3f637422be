"""What a reader may put in the place of a parameter: the sandbox's names, and those of the README."""

from collections.abc import Mapping
from typing import Any, Final

SAMPLES: Final[Mapping[str, str]] = {
    "account_name": "master_account",
    "address": "0xAb5801a7D398351b8bE11C439e05C5B3259aeC9B",
    "bot_name": "first-20260101-120000",
    "chain": "ethereum",
    "client_order_id": "my-first-order",
    "config_id": "my_pmm",
    "config_name": "my_pmm",
    "connector_name": "sandbox",
    "container_name": "first-20260101-120000",
    "controller_name": "pmm_simple",
    "controller_type": "market_making",
    "key_id": "0123456789abcdef",
    "db_path": "bots/archived/first-20260101-120000/data/first-20260101-120000.sqlite",
    "executor_id": "6f1c0c4b",
    "executor_type": "position_executor",
    "network_id": "ethereum-mainnet",
    "pool_address": "0x88e6A0c2dDD26FEEb64F039a2c41296FcB3f5640",
    "position_address": "1001",
    "run_id": "6f1c0c4b",
    "script_name": "v2_with_controllers",
    "sweep_id": "6f1c0c4b",
    "table_name": "TradeFill",
    "task_id": "6f1c0c4b",
    "token_address": "0x6B175474E89094C44Da98b954EedeAC495271d0F",
    "trading_pair": "BTC-USDT",
    "transaction": "0xabababababababababababababababababababababababababababababababab",
    "transaction_hash": "0xabababababababababababababababababababababababababababababababab",
}


def with_samples(operation: dict[str, Any]) -> dict[str, Any]:
    """Path parameters, and required ones of the query, that show nobody else's example."""
    parameters = operation.get("parameters")
    return operation if parameters is None else {**operation, "parameters": [_with(each) for each in parameters]}


def _with(parameter: dict[str, Any]) -> dict[str, Any]:
    sample = SAMPLES.get(parameter["name"])
    if sample is None or not parameter.get("required") or "example" in parameter:
        return parameter
    return {**parameter, "example": sample}
