"""Leverage and position mode: set at the venue, and remembered where it cannot tell."""
