from itertools import pairwise

from aviary_local.ports import Ports, wanted
from aviary_local.topology import REPLICAS_MAX, SERVICES


def test_no_two_parts_want_the_same_port() -> None:
    everything = {service.name: service.replicas_max for service in SERVICES}
    ports = sorted(each.port for each in wanted(Ports(), everything))
    assert all(one < other for one, other in pairwise(ports))


def test_every_prefix_has_one_owner() -> None:
    prefixes = [prefix for service in SERVICES for prefix in service.prefixes]
    assert len(prefixes) == len(set(prefixes))
    assert all(prefix == "/" or not prefix.endswith("/") for prefix in prefixes)


def test_services_ask_only_services_that_answer_on_nats() -> None:
    by_name = {service.name: service for service in SERVICES}
    assert all(by_name[asked].nats for service in SERVICES for asked in service.asks)


def test_blocks_of_ports_hold_every_replica() -> None:
    starts = sorted(service.port for service in SERVICES)
    assert all(other - one >= REPLICAS_MAX for one, other in pairwise(starts))
