"""Indicators as compiled kernels: float64 columns in, columns of the same length out, NaN while there is too little."""
