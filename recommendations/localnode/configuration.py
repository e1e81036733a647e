"""Writes the settings of a node. All of them exist in the server core of 8.5 and of 8.19."""

from __future__ import annotations

import json
from pathlib import Path

from recommendations.localnode.state import HOST

# Elasticsearch reads its settings as YAML, and every JSON text is one YAML value.
_LOGGING = """\
status = error
appender.file.type = RollingFile
appender.file.name = file
appender.file.fileName = ${sys:es.logs.base_path}${sys:file.separator}node.log
appender.file.filePattern = ${sys:es.logs.base_path}${sys:file.separator}node-%i.log
appender.file.layout.type = PatternLayout
appender.file.layout.pattern = [%d{ISO8601}][%-5p][%c{1.}] %m%n
appender.file.policies.type = Policies
appender.file.policies.size.type = SizeBasedTriggeringPolicy
appender.file.policies.size.size = 8MB
appender.file.strategy.type = DefaultRolloverStrategy
appender.file.strategy.max = 2
rootLogger.level = info
rootLogger.appenderRef.file.ref = file
"""
_JVM_OPTIONS = """\
-XX:+UseG1GC
-Djava.io.tmpdir=${ES_TMPDIR}
-XX:+ExitOnOutOfMemoryError
-XX:ErrorFile=logs/hs_err_pid%p.log
20-:--add-modules=jdk.incubator.vector
"""
SUBFOLDERS = ("config", "data", "logs", "tmp")


def node_settings(folder: Path, port: int) -> dict[str, object]:
    """The settings of a node in ``folder``; ``port`` 0 lets the system choose one that is free.

    The disk watermarks are off because they would make a small node read-only on a full developer's disk;
    free space is checked before anything is fetched or unpacked instead.
    """
    return {
        "cluster.name": "movierec",
        "node.name": "movierec",
        "path.data": str(folder / "data"),
        "path.logs": str(folder / "logs"),
        "network.host": HOST,
        "http.port": port,
        "transport.port": 0,
        "discovery.type": "single-node",
        # The node writes down the ports that it really got.
        "node.portsfile": True,
        "xpack.security.enabled": False,
        # Allowing no origin refuses what browsers send for pages of other sites; without CORS it would be done.
        "http.cors.enabled": True,
        "http.cors.allow-origin": "",
        "cluster.routing.allocation.disk.threshold_enabled": False,
    }


def write_configuration(folder: Path, port: int) -> Path:
    """Write the node's settings into ``folder``/config and return that folder."""
    config = folder / "config"
    lines = [f"{name}: {json.dumps(value)}" for name, value in node_settings(folder, port).items()]
    (config / "elasticsearch.yml").write_text("\n".join(lines) + "\n")
    (config / "jvm.options").write_text(_JVM_OPTIONS)
    (config / "log4j2.properties").write_text(_LOGGING)
    for name in ("elasticsearch.yml", "jvm.options", "log4j2.properties"):
        (config / name).chmod(0o644)
    return config


def server_environment(folder: Path, java_home: Path, heap: str) -> dict[str, str]:
    """The whole environment of the node: nothing of this process's own, which may hold secrets, goes there."""
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "HOME": str(folder),
        "ES_JAVA_HOME": str(java_home),
        "ES_PATH_CONF": str(folder / "config"),
        "ES_TMPDIR": str(folder / "tmp"),
        "ES_JAVA_OPTS": f"-Xms{heap} -Xmx{heap}",
    }
