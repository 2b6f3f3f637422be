"""What is written down of bots: log lines, events, and samples of their controllers' performance."""
