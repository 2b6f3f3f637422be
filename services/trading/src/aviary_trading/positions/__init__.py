"""Positions as the venue has them now."""
