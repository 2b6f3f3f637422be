"""Prices, order books, candles and trading rules."""
