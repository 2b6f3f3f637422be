"""Executions, each stored once."""
