"""Rate limits of others, kept to by all replicas together."""
