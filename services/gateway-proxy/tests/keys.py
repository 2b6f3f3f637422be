"""Wallets of the tests' own: nobody else's keys, and worth nothing."""

from typing import Final

from tests.gateway_peer.keys import evm_address, solana_address, solana_key

EVM_KEY: Final = "4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318"
EVM_WALLET: Final = evm_address(EVM_KEY)
OTHER_EVM_KEY: Final = "8da4ef21b864d2cc526dbdb2a120bd2874c36c9d0a1fb7f8c63d7f7a8b41de8f"
OTHER_EVM_WALLET: Final = evm_address(OTHER_EVM_KEY)
SOLANA_KEY: Final = solana_key(bytes(range(32)))
SOLANA_WALLET: Final = solana_address(SOLANA_KEY)
