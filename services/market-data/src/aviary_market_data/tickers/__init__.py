"""The last prices of all pairs of a connector."""
