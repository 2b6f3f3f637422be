"""Scripts: their source, the defaults of their configs, and their configs."""
