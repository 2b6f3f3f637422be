"""The address of a Uniswap V3 pool, computed: CREATE2 (EIP-1014) of its factory, tokens and fee, so that no list is
needed. Factories: https://docs.uniswap.org/contracts/v3/reference/deployments/"""

from collections.abc import Mapping
from typing import Final

from aviary_gateway_proxy.addresses import checksummed, keccak256

INIT_CODE_HASH: Final = bytes.fromhex("e34f199b19b2b4f47f68442619d555527d244f78a3297ea89325f843f87b8b54")
"""Of UniswapV3Pool's creation code, the same on every network."""

_FIRST: Final = "0x1F98431c8aD98523631AE4a59f267346ea31F984"
FACTORIES: Final[Mapping[tuple[str, str], str]] = {
    **{("uniswap", network): _FIRST for network in ("mainnet", "arbitrum", "optimism", "polygon")},
    ("uniswap", "base"): "0x33128a8fC17869897dcE68Ed026d694621f6FDfD",
    ("uniswap", "bsc"): "0xdB1d10011AD0Ff90774D0C6Bb92e5C5c8b4461F7",
    ("uniswap", "avalanche"): "0x740b1c1de25031C31FF4fC9A62f554A55cdC1baD",
    ("uniswap", "celo"): "0xAfE208a311B21f13EF87E33A90049fC17A7acDEc",
}
"""By connector and network. PancakeSwap deploys its pools by another contract: its pools come from the list."""


def pool_address(factory: str, token: str, other: str, fee_millionths: int) -> str:
    """With its checksum; the tokens in either order, the fee in millionths (500 is 0.05 %)."""
    token0, token1 = sorted((_bytes(token), _bytes(other)))
    salt = keccak256(_word(token0) + _word(token1) + fee_millionths.to_bytes(32))
    digest = keccak256(b"\xff" + _bytes(factory) + salt + INIT_CODE_HASH)
    return checksummed("0x" + digest[-20:].hex())


def _bytes(address: str) -> bytes:
    return bytes.fromhex(address.removeprefix("0x"))


def _word(value: bytes) -> bytes:
    return value.rjust(32, b"\0")
