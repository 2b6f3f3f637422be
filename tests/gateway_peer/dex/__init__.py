"""What Gateway's connectors do with Uniswap: read, quote, check, send, and answer in Gateway's words."""
