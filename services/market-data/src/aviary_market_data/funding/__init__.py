"""Funding of perpetuals."""
