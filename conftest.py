"""Every package's tests find the shared fixtures."""

pytest_plugins = ["aviary_testing.plugin"]
