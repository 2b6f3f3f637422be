"""What venues ask for beside prices: funding and trading rules."""
