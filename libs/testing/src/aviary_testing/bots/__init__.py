"""A Docker engine for tests, and an image with a small bot that speaks Hummingbot's protocol."""
