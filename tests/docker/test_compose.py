"""``docker-compose.yml`` as it is written: what is open, what is required, what waits for what."""

import re

import pytest
import yaml
from django.conf import settings

ROOT = settings.BASE_DIR
TEXT = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load(TEXT)
SERVICES = COMPOSE["services"]
SWARM = yaml.safe_load((ROOT / "docker-compose.swarm.yml").read_text(encoding="utf-8"))
OF_THE_SITE = ("init", "web", "celery-beat", "kibana-setup")
OF_SPARK = ("spark-master", "spark-worker-1", "spark-worker-2", "celery-worker")
HOME = "/var/lib/movierec"
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
        *OF_THE_SITE,
        *OF_SPARK,
        *("postgres", "redis", "elasticsearch", "kibana", "jupyter"),
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


def test_the_site_and_spark_have_an_image_each():
    for names, image in ((OF_THE_SITE, "movierec-site:latest"), (OF_SPARK, "movierec-spark:latest")):
        assert {default(SERVICES[name]["image"]) for name in names} == {image}
    built = {name: service["build"] for name, service in SERVICES.items() if "build" in service}
    assert {name: build["target"] for name, build in built.items()} == {
        "web": "site",
        "celery-worker": "spark",
        "jupyter": "spark",
    }
    assert built["jupyter"]["args"] == built["web"]["args"] | {"REQUIREMENTS": "notebook"}


def test_workers_are_small():
    for name in ("spark-worker-1", "spark-worker-2"):
        assert (SERVICES[name]["cpus"], SERVICES[name]["mem_limit"]) == (0.5, "2g")


@pytest.mark.parametrize("name", SERVICES)
def test_every_container_gets_what_it_needs_and_no_more(name):
    service = SERVICES[name]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["read_only"] is True
    assert service["tmpfs"][0] == ("/tmp:exec" if name in (*OF_SPARK, "elasticsearch", "jupyter") else "/tmp")
    assert re.fullmatch(r"\d+[mg]", default(service["mem_limit"]))
    assert 0 < service["pids_limit"] <= 4096
    # Without capabilities, an image that starts as root cannot become the user that its files belong to.
    assert service.get("user") == (name if name in ("postgres", "redis") else None)


def test_a_swarm_limits_memory_alike():
    for name, service in SWARM["services"].items():
        assert service["deploy"]["resources"]["limits"]["memory"] == default(SERVICES[name]["mem_limit"]), (
            name
        )


def mounts(name: str) -> dict[str, str]:
    """Volumes of a service by their place, with ``:ro`` where it cannot write."""
    found = {}
    for volume in SERVICES[name].get("volumes", []):
        source, place, *how = volume.split(":")
        found[place] = ":".join([source, *how])
    return found


def test_spark_and_notebooks_see_neither_mail_nor_logs_nor_the_database():
    work_of_others = {f"{HOME}/data": "data:ro", f"{HOME}/models": "models:ro", f"{HOME}/work": "work"}
    assert mounts("spark-worker-1") == mounts("spark-worker-2") == work_of_others
    assert mounts("spark-master") == {}
    assert mounts("jupyter") == {f"{HOME}/work": "work:ro", "/home/movierec": "notebooks"}
    for name in ("spark-master", "spark-worker-1", "spark-worker-2", "jupyter"):
        environment = SERVICES[name]["environment"]
        assert not {"SECRET_KEY", "DATABASE_URL", "REDIS_URL", "EMAIL_URL"} & set(environment), name


def test_who_only_serves_knows_no_secret_of_the_cluster_and_writes_no_data():
    for name in ("web", "init", "celery-beat"):
        assert "_SPARK_AUTH_SECRET" not in SERVICES[name]["environment"], name
    assert mounts("init") == {HOME: "home"}
    assert mounts("celery-beat") == mounts("kibana-setup") == {}
    assert mounts("web") == {HOME: "home", f"{HOME}/models": "models", f"{HOME}/work": "work:ro"}
    # The worker fetches the data, and the driver of Spark runs in its container.
    assert mounts("celery-worker") == {HOME: "home"} | {
        f"{HOME}/{name}": name for name in ("data", "models", "work")
    }


def test_elasticsearch_gets_its_settings():
    """Debian's sh drops variables with a dot in their name: without these, the node would ask for certificates."""
    assert {"discovery.type", "xpack.security.enabled"} <= set(SERVICES["elasticsearch"]["environment"])
    assert SERVICES["elasticsearch"]["command"][0] == "bash"


def test_health_checks_ask_no_proxy():
    """Docker gives containers the proxies of its client's configuration; ``healthcheck.py`` has a test of its own."""
    curls = [line for line in TEXT.splitlines() if "curl" in line]
    assert len(curls) == 2
    assert all("--noproxy '*'" in line for line in curls)


def test_everything_is_in_the_one_network():
    assert all(service["networks"] == ["spark-es-network"] for service in SERVICES.values())
    assert default(COMPOSE["networks"]["spark-es-network"]["name"]) == "spark-es-network"
    assert SWARM["networks"]["spark-es-network"]["driver"] == "overlay"
    assert set(SWARM["services"]) == set(SERVICES) - {"jupyter"}


def test_what_holds_state_has_a_named_volume():
    assert set(COMPOSE["volumes"]) == {
        *("home", "data", "models", "work", "notebooks"),
        *("postgres", "redis", "elasticsearch"),
    }
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
