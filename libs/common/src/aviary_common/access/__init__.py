"""Who calls, and what that caller may do: principals, the scope of every route, and the names of accounts."""

from aviary_common.access.principal import Principal, Scope, is_allowed, principal
from aviary_common.access.rights import EVERY_ROUTE, Rights

__all__ = ["EVERY_ROUTE", "Principal", "Rights", "Scope", "is_allowed", "principal"]
