"""Candles for backtests: where they come from, and how many must be there."""
