"""Bot runs: what was deployed, what it should be doing, and how it ended."""
