"""From bytes to a handler and back: signatures, limits, faults."""
