"""Exchange rates between any two tokens, from the prices of one source."""
