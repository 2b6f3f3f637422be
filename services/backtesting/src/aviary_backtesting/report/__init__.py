"""One HTML file that tells a whole backtest, and needs no network to be opened."""
