"""NATS: typed events that are kept (JetStream) and typed questions with a deadline."""

from aviary_common.bus.capture import AUDIT_CAPTURE, Capture, Captured
from aviary_common.bus.client import Bus
from aviary_common.bus.messages import Event, Question

__all__ = ["AUDIT_CAPTURE", "Bus", "Capture", "Captured", "Event", "Question"]
