"""Orders, fills and balances: what Aviary says must be what the venue says."""
