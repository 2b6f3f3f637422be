"""Candles on disk: parquet files by month, and a catalogue in Postgres that says what they hold and what is missing."""
