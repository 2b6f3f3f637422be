"""The connector catalogue and the one way to talk to an exchange."""
