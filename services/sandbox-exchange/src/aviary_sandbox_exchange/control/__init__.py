"""/sandbox: what a test may do to the venue."""
