"""What is on the two books: resting orders, matching, and the rules an order must pass."""
