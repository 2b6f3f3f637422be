"""What Helm renders is what Kubernetes takes, and what it names exists."""

from typing import Any

import kubernetes_validate
import pytest
import yaml
from deploy.helm.tests.rendering import (
    CHART,
    EXAMPLES,
    Object,
    helm,
    manifests,
    of_kind,
    pod_templates,
    render,
    selects,
)

KUBERNETES = ("1.30", "1.37")
"""The oldest and the newest that the validator knows and the chart is meant for."""
OURS = ("traefik.io/", "monitoring.coreos.com/")
"""Kinds that somebody must have added to the cluster."""

SELECTING = {"Service", "Deployment", "StatefulSet", "PodDisruptionBudget", "PodMonitor"}
ENGINE = {
    "docker": {"host": "tcp://engine:2376", "broker": "broker:1883"},
    "secrets": {"existingSecret": "own"},
    "storage": {"gateway": {"accessMode": "ReadWriteMany"}},
}


@pytest.fixture(params=EXAMPLES.values(), ids=EXAMPLES.keys())
def values(request: pytest.FixtureRequest) -> dict[str, Any]:
    chosen: dict[str, Any] = request.param
    return chosen


@pytest.fixture
def objects(values: dict[str, Any]) -> list[Object]:
    return render(values)


def test_helm_lint_has_no_complaint(values: dict[str, Any]) -> None:
    report = helm.lint(CHART, values, strict=True)
    assert [found for found in report["messages"] if found["severity"] > 1] == []
    assert report["errors"] == []


@pytest.mark.parametrize("version", KUBERNETES)
def test_every_object_is_valid(objects: list[Object], version: str) -> None:
    known = [found for found in objects if not found["apiVersion"].startswith(OURS)]
    assert len(known) > 20
    for found in known:
        kubernetes_validate.validate(found, version, strict=True)


def test_no_key_is_given_twice(values: dict[str, Any]) -> None:
    """YAML's parsers take the last; Kubernetes' strict one refuses."""
    for path, text in manifests(values).items():
        for document in yaml.compose_all(text, Loader=yaml.SafeLoader):
            assert document is None or _doubled(document) == [], path


def test_no_two_objects_have_the_same_name(objects: list[Object]) -> None:
    names = [(found["kind"], found["metadata"]["name"]) for found in objects]
    assert len(names) == len(set(names))


def test_what_selects_pods_finds_some(objects: list[Object]) -> None:
    pods = [template["metadata"]["labels"] for _, template in pod_templates(objects)]
    for found in objects:
        spec = found.get("spec", {})
        if found["kind"] in SELECTING:
            selectors = [spec["selector"]]
        elif found["kind"] == "NetworkPolicy":
            selectors = [spec["podSelector"], *_callers(spec)]
        else:
            selectors = []
        for selector in selectors:
            assert any(selects(selector, labels) for labels in pods), (found["kind"], found["metadata"]["name"])


def test_what_scales_names_a_deployment_whose_replicas_it_alone_sets(objects: list[Object]) -> None:
    deployments = of_kind(objects, "Deployment")
    scaled = [found["spec"]["scaleTargetRef"]["name"] for found in of_kind(objects, "HorizontalPodAutoscaler").values()]
    for name, found in deployments.items():
        assert ("replicas" in found["spec"]) == (name not in scaled), name
    assert set(scaled) <= deployments.keys()


def test_ports_claims_and_maps_that_are_named_exist(objects: list[Object]) -> None:
    claims, maps = of_kind(objects, "PersistentVolumeClaim"), of_kind(objects, "ConfigMap")
    for name, template in pod_templates(objects):
        volumes = template["spec"].get("volumes", [])
        made = {each["name"] for each in volumes} | {"data"}
        for container in template["spec"]["containers"]:
            assert {mount["name"] for mount in container["volumeMounts"]} <= made, name
        for volume in volumes:
            if claim := volume.get("persistentVolumeClaim"):
                assert claim["claimName"] in claims or claim["claimName"].endswith("-nfs"), name
            if its := volume.get("configMap"):
                assert its["name"] in maps, name
    for service in of_kind(objects, "Service").values():
        pod = next(
            template
            for _, template in pod_templates(objects)
            if selects(service["spec"]["selector"], template["metadata"]["labels"])
        )
        listening = {port["name"] for each in pod["spec"]["containers"] for port in each.get("ports", [])}
        assert {port["targetPort"] for port in service["spec"]["ports"]} <= listening


def test_every_pod_is_as_pod_securitys_restricted_profile_asks(objects: list[Object]) -> None:
    for name, template in pod_templates(objects):
        spec = template["spec"]
        assert spec["automountServiceAccountToken"] is False, name
        assert spec["securityContext"]["runAsNonRoot"] is True, name
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, name
        for container in spec["containers"]:
            context = container["securityContext"]
            assert context["capabilities"] == {"drop": ["ALL"]}, name
            assert context["allowPrivilegeEscalation"] is False, name
            assert context["readOnlyRootFilesystem"] is True, name
            assert container["resources"]["limits"]["memory"], name


def test_a_pod_has_time_to_drain_and_to_end(objects: list[Object]) -> None:
    for name, found in of_kind(objects, "Deployment").items():
        spec = found["spec"]["template"]["spec"]
        drain = next(each["value"] for each in spec["containers"][0]["env"] if each["name"] == "AVIARY_DRAIN_S")
        assert spec["terminationGracePeriodSeconds"] >= int(drain) + 8, name


def test_only_the_secret_holds_secrets(objects: list[Object]) -> None:
    for name, template in pod_templates(objects):
        for container in template["spec"]["containers"]:
            plain = {each["name"] for each in container["env"] if "value" in each}
            assert not [each for each in plain if "PASSWORD" in each or "SEED" in each or "PASSPHRASE" in each], name


def test_every_secret_value_that_is_read_is_in_the_secret_that_the_chart_makes() -> None:
    objects = render({})
    (made,) = of_kind(objects, "Secret").values()
    for name, template in pod_templates(objects):
        for container in template["spec"]["containers"]:
            read = [each["valueFrom"]["secretKeyRef"] for each in container["env"] if "valueFrom" in each]
            assert {each["name"] for each in read} <= {made["metadata"]["name"]}, name
            assert {each["key"] for each in read if not each.get("optional")} <= made["data"].keys(), name


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"postgres": {"inChart": False}}, "postgres.host is missing"),
        ({"nats": {"inChart": False}}, "nats.servers is missing"),
        ({"valkey": {"inChart": False}}, "valkey.host is missing"),
        ({"nats": {"replicas": 3}}, "need a cluster outside"),
        ({"services": {"market-data": {"replicas": 2}}}, "share storage.candles"),
        ({**ENGINE, "secrets": {}}, "aviary_local.chart secrets"),
        ({**ENGINE, "docker": {"host": "tcp://engine:2376"}}, "docker.broker is missing"),
        (ENGINE | {"services": {"mqtt-edge": {"replicas": 2}}}, "mqtt-edge may have 1 replica at most"),
    ],
)
def test_values_that_cannot_work_are_refused_with_a_sentence(values: dict[str, Any], sentence: str) -> None:
    with pytest.raises(helm.HelmRenderError, match=sentence):
        render(values)


@pytest.mark.parametrize(
    "values", [{"replicas": 3}, {"services": {"tradign": {}}}, {"services": {"trading": {"replica": 2}}}]
)
def test_a_value_that_nobody_reads_is_refused_by_the_schema(values: dict[str, Any]) -> None:
    with pytest.raises(helm.HelmValuesError):
        render(values)


def test_two_releases_have_no_name_in_common() -> None:
    one, other = ({(each["kind"], each["metadata"]["name"]) for each in render({}, name)} for name in ("a", "b"))
    assert not one & other


def _callers(spec: Object) -> list[Object]:
    """Of this release: whoever has the namespace named is outside it."""
    sources = [source for rule in spec.get("ingress", []) for source in rule.get("from", [])]
    return [source["podSelector"] for source in sources if source.keys() == {"podSelector"}]


def _doubled(node: yaml.Node) -> list[str]:
    if isinstance(node, yaml.SequenceNode):
        return [found for each in node.value for found in _doubled(each)]
    if not isinstance(node, yaml.MappingNode):
        return []
    keys = [key.value for key, _ in node.value]
    return [key for key in keys if keys.count(key) > 1] + [found for _, each in node.value for found in _doubled(each)]
