"""What every Aviary service shares: settings, HTTP, auth, database, messaging, leases, crypto, logs, metrics."""
