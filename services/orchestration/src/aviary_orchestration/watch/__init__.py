"""What should be against what is, all the time."""
