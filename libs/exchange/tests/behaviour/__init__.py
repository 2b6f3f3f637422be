"""What every adapter must do, whatever the venue: one suite, run for each connector that can be reached in a test."""
