"""The chains behind the stand-in: blocks, a mempool, balances, allowances."""
