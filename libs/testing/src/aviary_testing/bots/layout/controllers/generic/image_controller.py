"""A controller that comes with the image."""
