"""Pools with concentrated liquidity: found by address or by pair, and told as the user wrote the pair."""
