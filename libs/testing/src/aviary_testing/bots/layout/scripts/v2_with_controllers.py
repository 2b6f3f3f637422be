"""Stands where Hummingbot's script of this name stands in its image."""
