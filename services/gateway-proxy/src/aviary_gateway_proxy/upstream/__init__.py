"""Hummingbot Gateway, as this service meets it: one client, one budget, its errors in our words."""
