"""Positions with concentrated liquidity: opened, changed, closed, remembered with what they earned."""
