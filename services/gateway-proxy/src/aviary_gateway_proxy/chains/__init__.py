"""What Gateway does with a chain itself, and whether its node can be believed."""
