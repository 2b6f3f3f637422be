"""The engine: what a controller would have earned."""
