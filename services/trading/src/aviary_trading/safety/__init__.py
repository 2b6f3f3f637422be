"""What stands between a caller and a costly mistake: limits before every send, and the panic switch."""
