"""API keys: they act for a user, and can be revoked."""
