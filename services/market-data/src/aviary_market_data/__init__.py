"""Prices, order books, candles, and what the connectors are."""
