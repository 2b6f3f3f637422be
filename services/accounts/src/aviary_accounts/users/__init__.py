"""Users beside the first one: who they are, and what they may do."""
