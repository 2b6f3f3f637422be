"""What controllers of the reference engine import, as far as a backtest has it, and how they are asked.

Loaded in the confined worker only. Names and rules are Hummingbot's; the configs' stand-ins are those of
``aviary_common.confined.standins``.
"""
