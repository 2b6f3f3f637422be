"""Gateway's routes, one module for each family."""
