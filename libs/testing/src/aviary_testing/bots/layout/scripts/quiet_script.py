"""A script without controllers."""
