"""The launcher behind make start."""
