"""Backtests as jobs: asked for, worked on, ended, kept."""
