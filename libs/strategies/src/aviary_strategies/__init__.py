"""Indicators, controllers and executors: the same code backtests and runs live. Nothing in here does any I/O."""
