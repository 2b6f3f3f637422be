"""Uniswap's contracts as far as Gateway uses them: V3 pools and positions, V2 pairs, the router."""
