"""The audit: what every service says about calls that change something, in one chain."""
