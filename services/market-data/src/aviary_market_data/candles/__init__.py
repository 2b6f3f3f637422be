"""Candles, stamped with their open time."""
