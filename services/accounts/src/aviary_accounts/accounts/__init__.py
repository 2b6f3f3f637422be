"""Accounts: names that credentials are kept under."""
