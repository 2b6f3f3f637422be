"""How a service meets HTTP: one skeleton for all, and the middleware it stacks."""

from aviary_common.http.service import Service

__all__ = ["Service"]
