"""Tokens, their raw amounts, and the addresses of mainnet's contracts."""

from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import Final

NATIVE: Final = "native"
MAX_UINT160: Final = 2**160 - 1
MAX_UINT256: Final = 2**256 - 1


@dataclass(frozen=True)
class Token:
    symbol: str
    name: str
    address: str
    decimals: int

    @property
    def key(self) -> str:
        return self.address.lower()

    def raw(self, amount: Decimal) -> int:
        """The smallest units in an amount, what is beyond them cut off."""
        return int((amount * 10**self.decimals).to_integral_value(ROUND_DOWN))

    def human(self, raw: int) -> float:
        return float(Decimal(raw) / 10**self.decimals)

    def text(self, raw: int) -> str:
        """All digits, as ethers' formatUnits writes them."""
        whole, rest = divmod(raw, 10**self.decimals)
        fraction = f"{rest:0{self.decimals}d}".rstrip("0")
        return f"{whole}.{fraction or '0'}"


WETH: Final = Token("WETH", "Wrapped Ether", "0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2", 18)
USDC: Final = Token("USDC", "USD Coin", "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48", 6)
USDT: Final = Token("USDT", "Tether USD", "0xdAC17F958D2ee523a2206206994597C13D831ec7", 6)
DAI: Final = Token("DAI", "Dai Stablecoin", "0x6B175474E89094C44Da98b954EedeAC495271d0F", 18)
BASE_WETH: Final = Token("WETH", "Wrapped Ether", "0x4200000000000000000000000000000000000006", 18)
BASE_USDC: Final = Token("USDC", "USD Coin", "0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913", 6)
SOL: Final = Token("SOL", "Wrapped SOL", "So11111111111111111111111111111111111111112", 9)
SOLANA_USDC: Final = Token("USDC", "USD Coin", "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v", 6)

PERMIT2: Final = "0x000000000022D473030F116dDEE9F6B43aC78BA3"
UNIVERSAL_ROUTER: Final = "0x66a9893cC07D91D95644AEDD05D03f95e1dBA8Af"
V3_FACTORY: Final = "0x1F98431c8aD98523631AE4a59f267346ea31F984"
BASE_V3_FACTORY: Final = "0x33128a8fC17869897dcE68Ed026d694621f6FDfD"
POSITION_MANAGER: Final = "0xC36442b4a4522E871399CD717aBDD847Ab11FE88"
SWAP_ROUTER: Final = "0x68b3465833fb72A70ecDF485E0e4C7bD8665Fc45"
V2_ROUTER: Final = "0x7a250d5630B4cF539739dF2C5dAcb4c659F2488D"

SPENDERS: Final = {
    "uniswap/router": UNIVERSAL_ROUTER,
    "uniswap/clmm": POSITION_MANAGER,
    "uniswap/clmm/swap": SWAP_ROUTER,
    "uniswap/amm": V2_ROUTER,
}
"""The connector words that allowances and approve know."""
