"""Balances as the venue last told them."""
