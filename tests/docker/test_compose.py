"""``docker-compose.yml`` as it is written: what is open, what is required, what waits for what."""

import re

import pytest
import yaml
from django.conf import settings

ROOT = settings.BASE_DIR
TEXT = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load(TEXT)
SERVICES = COMPOSE["services"]
OWN = ("spark-master", "spark-worker-1", "spark-worker-2", "init", "web", "celery-worker", "celery-beat")
EXAMPLE = dict(
    line.split("=", 1)
    for line in (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    if re.match(r"[A-Z_]+=", line)
)


def default(value: str) -> str:
    """What docker-compose makes of ``value`` in an empty environment."""
    return re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", value)


def test_the_parts_and_their_ports():
    assert set(SERVICES) == {
        *OWN,
        *("postgres", "redis", "elasticsearch", "kibana", "kibana-setup", "jupyter"),
    }
    ports = {name: [default(port) for port in service.get("ports", [])] for name, service in SERVICES.items()}
    assert {name: told for name, told in ports.items() if told} == {
        "elasticsearch": ["127.0.0.1:9200:9200"],
        "kibana": ["127.0.0.1:5601:5601"],
        "spark-master": ["127.0.0.1:7077:7077", "127.0.0.1:8080:8080"],
        "web": ["127.0.0.1:5000:5000"],
        "jupyter": ["127.0.0.1:8888:8888"],
    }


def test_versions_of_elastic_come_from_one_variable():
    for name in ("elasticsearch", "kibana"):
        assert default(SERVICES[name]["image"]) == f"docker.elastic.co/{name}/{name}:8.5.1"
        assert "${STACK_VERSION:-8.5.1}" in SERVICES[name]["image"]


def test_workers_are_small_and_of_the_sites_own_image():
    for name in OWN:
        assert default(SERVICES[name]["image"]) == "movierec:latest"
        assert SERVICES[name]["cap_drop"] == ["ALL"]
    for name in ("spark-worker-1", "spark-worker-2"):
        assert (SERVICES[name]["cpus"], SERVICES[name]["mem_limit"]) == (0.5, "2g")


def test_everything_is_in_the_one_network():
    assert all(service["networks"] == ["spark-es-network"] for service in SERVICES.values())
    assert default(COMPOSE["networks"]["spark-es-network"]["name"]) == "spark-es-network"
    swarm = yaml.safe_load((ROOT / "docker-compose.swarm.yml").read_text(encoding="utf-8"))
    assert swarm["networks"]["spark-es-network"]["driver"] == "overlay"
    assert set(swarm["services"]) == set(SERVICES) - {"jupyter"}


def test_what_holds_state_has_a_named_volume():
    assert set(COMPOSE["volumes"]) == {"home", "postgres", "redis", "elasticsearch"}
    for name in ("postgres", "redis", "elasticsearch"):
        assert SERVICES[name]["volumes"][0].startswith(f"{name}:/")


def test_nothing_starts_before_what_it_needs_is_healthy():
    for name, service in SERVICES.items():
        for needed, how in service.get("depends_on", {}).items():
            if needed == "init":
                assert how["condition"] == "service_completed_successfully", name
            else:
                assert how["condition"] == "service_healthy", (name, needed)
                # The image's own check asks for the site; whoever is no site has another one.
                assert needed == "web" or "test" in SERVICES[needed]["healthcheck"], needed
    assert set(SERVICES["web"]["depends_on"]) == {"init", "redis", "elasticsearch"}
    assert set(SERVICES["init"]["depends_on"]) == {"postgres"}


@pytest.mark.parametrize(
    "secret",
    ["SECRET_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD", "SPARK_SECRET", "METRICS_TOKEN", "JUPYTER_TOKEN"],
)
def test_secrets_are_required_and_have_no_default(secret):
    uses = re.findall(r"\$\{" + secret + r"[^}]*\}", TEXT)
    assert uses
    assert all(use.startswith("${" + secret + ":?") for use in uses)
    assert EXAMPLE[secret] == ""


def test_every_required_variable_is_in_the_example():
    assert set(re.findall(r"\$\{(\w+):\?", TEXT)) <= set(EXAMPLE)


def test_jupyter_only_on_demand_and_only_reads():
    assert SERVICES["jupyter"]["profiles"] == ["notebook"]
    assert SERVICES["jupyter"]["volumes"] == ["home:/var/lib/movierec:ro"]
    assert "JUPYTER_TOKEN" in SERVICES["jupyter"]["environment"]


def test_nobody_is_privileged():
    for name, service in SERVICES.items():
        assert not {"privileged", "network_mode", "pid", "cap_add"} & set(service), name
        assert not any("docker.sock" in volume for volume in service.get("volumes", [])), name


def test_the_cluster_asks_for_its_secret():
    conf = (ROOT / "docker/spark/spark-defaults.conf").read_text(encoding="utf-8")
    assert re.search(r"^spark.authenticate\s+true$", conf, re.MULTILINE)
    for name in ("spark-master", "spark-worker-1", "celery-worker", "jupyter"):
        environment = SERVICES[name]["environment"]
        assert environment["SPARK_CONF_DIR"] == "/opt/movierec/docker/spark"
        assert "SPARK_SECRET" in environment["_SPARK_AUTH_SECRET"]
