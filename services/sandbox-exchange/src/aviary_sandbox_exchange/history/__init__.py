"""Prices before and during the simulation, as candles."""
