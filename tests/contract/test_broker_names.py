"""Names that mean something to NATS are no names for bots."""

from aviary_local.nats import AUTH_USER, OPERATOR_USER, OPS_USER
from aviary_local.topology import SERVICES
from aviary_orchestration.broker import callout, ops, rights


def test_the_reserved_names_are_all_services_and_all_static_users() -> None:
    assert {AUTH_USER, OPS_USER, OPERATOR_USER} | {service.name for service in SERVICES} == rights.RESERVED


def test_the_broker_goes_by_the_names_that_nats_knows() -> None:
    assert (callout.USER, ops.USER) == (AUTH_USER, OPS_USER)
