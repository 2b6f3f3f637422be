"""Bots, controllers, scripts and archives."""
