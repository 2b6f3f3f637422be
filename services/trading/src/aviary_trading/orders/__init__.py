"""The life of an order: intent, one send, three outcomes, and the truth."""
