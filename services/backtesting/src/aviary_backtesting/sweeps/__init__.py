"""Many configs on the same candles, computed in shards by whoever is free."""
