"""A worker for tests that kill it in the middle of a shard: ``served`` runs it as a process."""
