"""Downloads of long ranges of candles, which survive whoever works on them."""
