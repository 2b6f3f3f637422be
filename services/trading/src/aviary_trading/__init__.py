"""Orders, fills and positions."""
