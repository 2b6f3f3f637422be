"""Gateway's configuration: connectors, chains, networks, tokens, pools and providers' keys."""
