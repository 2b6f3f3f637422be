"""What the tests of several packages share. No service imports it."""
