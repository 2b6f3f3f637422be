"""Exchanges through ccxt. Only ``public`` and ``private`` are entered from outside."""
