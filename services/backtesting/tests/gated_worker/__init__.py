"""A worker for tests that kill it: ``served`` runs it as a process."""
