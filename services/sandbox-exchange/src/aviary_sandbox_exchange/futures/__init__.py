"""The USDT-M perpetual side: /fapi."""
