"""What all accounts hold, and what it is worth."""
