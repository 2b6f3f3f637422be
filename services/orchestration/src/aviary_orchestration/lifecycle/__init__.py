"""Starting and stopping bots: what they say is the outcome."""
