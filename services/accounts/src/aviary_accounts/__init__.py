"""Accounts, credentials and the portfolio."""
