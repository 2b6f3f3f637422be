"""What computes a backtest."""
