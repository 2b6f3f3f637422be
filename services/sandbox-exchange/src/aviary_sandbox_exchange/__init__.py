"""A simulated venue that speaks Binance's protocol."""
