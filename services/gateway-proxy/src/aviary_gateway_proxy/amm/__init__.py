"""Liquidity in plain pools: one share of a pool for each wallet."""
