"""Gateway's wallets, and what they hold."""
