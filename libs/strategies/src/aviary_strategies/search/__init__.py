"""Many configs on the same candles: what to vary, how to split the time, and what to believe of the best."""
