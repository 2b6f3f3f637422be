"""Funding payments of perpetuals."""
