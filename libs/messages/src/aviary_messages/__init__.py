"""The events and questions that Aviary's services exchange."""
