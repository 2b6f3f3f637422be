"""What a backtest leaves, part by part."""
