"""Kibana's data views and dashboards, written down once and turned into the NDJSON that Kibana imports.

``python docker/kibana/dashboards.py`` writes ``movierec.ndjson`` anew; ``--check`` reads the answer of Elasticsearch's
``GET /_mapping`` from stdin and fails if a dashboard asks for a field that no index has.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

NDJSON = Path(__file__).with_name("movierec.ndjson")
MOVIES, PROFILES, OPERATIONS = "movies", "user_profiles", "operations"
Saved = dict[str, Any]


def data_view(title: str, name: str, time_field: str | None = None) -> Saved:
    """A data view; its id is the name of the index (or alias) that it shows."""
    attributes = {"title": title, "name": name} | ({"timeFieldName": time_field} if time_field else {})
    return _saved("index-pattern", title, attributes, [], "7.11.0")


def chart(
    identifier: str, title: str, view: str, kind: str, *, metric: Saved, by: Iterable[Saved], query: str = ""
) -> Saved:
    """A visualization: ``metric`` over the buckets ``by``, of the documents that ``query`` (KQL) leaves."""
    aggregations = [
        {"id": str(number), "enabled": True, **part} for number, part in enumerate((metric, *by), start=1)
    ]
    state = {"title": title, "type": kind, "aggs": aggregations, "params": _parameters(kind, metric)}
    attributes = {
        "title": title,
        "description": "",
        "version": 1,
        "uiStateJSON": "{}",
        "visState": _text(state),
        "kibanaSavedObjectMeta": {"searchSourceJSON": _text(_source(query) | {"indexRefName": _REFERENCE})},
    }
    reference = {"name": _REFERENCE, "type": "index-pattern", "id": view}
    return _saved("visualization", identifier, attributes, [reference], "7.17.0")


def dashboard(identifier: str, title: str, since: str, charts: list[Saved]) -> Saved:
    """Two charts beside each other, from ``since`` until now."""
    panels, references = [], []
    for number, shown in enumerate(charts):
        place = {"x": 24 * (number % 2), "y": 14 * (number // 2), "w": 24, "h": 14, "i": str(number)}
        panels.append(
            {
                "version": "7.17.0",
                "type": "visualization",
                "gridData": place,
                "panelIndex": str(number),
                "embeddableConfig": {},
                "panelRefName": f"panel_{number}",
            }
        )
        references.append({"name": f"panel_{number}", "type": "visualization", "id": shown["id"]})
    attributes = {
        "title": title,
        "description": "",
        "hits": 0,
        "version": 1,
        "panelsJSON": _text(panels),
        "optionsJSON": _text({"useMargins": True, "hidePanelTitles": False}),
        "timeRestore": True,
        "timeFrom": since,
        "timeTo": "now",
        "kibanaSavedObjectMeta": {"searchSourceJSON": _text(_source(""))},
    }
    return _saved("dashboard", identifier, attributes, references, "7.14.0")


def measure(kind: str, field: str | None, label: str) -> Saved:
    """A number per bucket: ``count`` of documents, or ``sum``, ``avg`` or ``max`` of a field."""
    parameters = {"customLabel": label} | ({"field": field} if field else {})
    return {"type": kind, "schema": "metric", "params": parameters}


def over_time() -> Saved:
    """Buckets of time, as wide as fits the screen."""
    return {
        "type": "date_histogram",
        "schema": "segment",
        "params": {"field": "@timestamp", "interval": "auto", "min_doc_count": 1, "drop_partials": False},
    }


def terms(field: str, schema: str = "group", size: int = 20) -> Saved:
    """A bucket for each of the most frequent values."""
    parameters = {"field": field, "size": size, "order": "desc", "orderBy": "1", "otherBucket": False}
    return {"type": "terms", "schema": schema, "params": parameters}


def steps(field: str, width: int) -> Saved:
    """Buckets of a number."""
    parameters = {"field": field, "interval": width, "min_doc_count": 0}
    return {"type": "histogram", "schema": "segment", "params": parameters}


def saved_objects() -> list[Saved]:
    """Everything that Kibana gets, in the order in which one refers to another."""
    people = [
        chart("ratings-over-time", "Ratings over time", OPERATIONS, "histogram", query="kind: ratings",
              metric=measure("sum", "rating_count", "ratings"), by=[over_time(), terms("source")]),
        chart("stars-over-time", "Mean stars over time", OPERATIONS, "line", query="kind: ratings",
              metric=measure("avg", "mean_stars", "stars"), by=[over_time(), terms("source")]),
        chart("films-by-genre", "Films by genre", MOVIES, "histogram",
              metric=measure("count", None, "films"), by=[terms("genres", "segment")]),
        chart("stars-by-genre", "Mean stars by genre", MOVIES, "histogram",
              metric=measure("avg", "mean_stars", "stars"), by=[terms("genres", "segment")]),
        chart("profiles-by-occupation", "Profiles by occupation", PROFILES, "histogram",
              metric=measure("count", None, "people"), by=[terms("occupation", "segment", 25)]),
        chart("profiles-by-age", "Profiles by age and gender", PROFILES, "histogram",
              metric=measure("count", None, "people"), by=[steps("age", 10), terms("gender")]),
    ]  # fmt: skip
    running = [
        chart("job-durations", "Job durations", OPERATIONS, "line", query="kind: job",
              metric=measure("avg", "seconds", "seconds"), by=[over_time(), terms("job_kind")]),
        chart("jobs-by-state", "Jobs by how they ended", OPERATIONS, "histogram", query="kind: job",
              metric=measure("count", None, "jobs"), by=[terms("job_kind", "segment"), terms("job_state")]),
        chart("requests", "Requests by view", OPERATIONS, "histogram", query="kind: requests",
              metric=measure("sum", "requests", "requests"), by=[over_time(), terms("view")]),
        chart("latency-mean", "Mean latency by view", OPERATIONS, "line", query="kind: requests",
              metric=measure("avg", "mean_milliseconds", "ms"), by=[over_time(), terms("view")]),
        chart("latency-p95", "95th percentile of latency by view", OPERATIONS, "line", query="kind: requests",
              metric=measure("max", "p95_milliseconds", "ms"), by=[over_time(), terms("view")]),
    ]  # fmt: skip
    lists = [
        chart("lists-by-version", "Lists by version", OPERATIONS, "histogram", query="kind: lists and row: list",
              metric=measure("sum", "lists", "lists"), by=[over_time(), terms("version")]),
        chart("lists-by-arm", "Lists by arm of an experiment", OPERATIONS, "histogram", query="kind: lists and row: list",
              metric=measure("sum", "lists", "lists"), by=[over_time(), terms("arm")]),
        chart("opened-by-row", "Films opened by row", OPERATIONS, "line", query="kind: lists",
              metric=measure("sum", "opened", "opened"), by=[over_time(), terms("row")]),
        chart("likes-by-version", "Likes by version", OPERATIONS, "line", query="kind: lists",
              metric=measure("sum", "likes", "likes"), by=[over_time(), terms("version")]),
        chart("hides-by-version", "Films hidden by version", OPERATIONS, "line", query="kind: lists",
              metric=measure("sum", "hides", "hides"), by=[over_time(), terms("version")]),
        chart("coverage-by-version", "Share of the catalogue in lists of a day", OPERATIONS, "line",
              query="kind: lists and row: list",
              metric=measure("max", "coverage", "share"), by=[over_time(), terms("version")]),
    ]  # fmt: skip
    return [
        data_view(MOVIES, "Films"),
        data_view(PROFILES, "Profiles"),
        data_view(OPERATIONS, "Operation", "@timestamp"),
        *people,
        *running,
        *lists,
        dashboard("movierec-ratings", "movierec: ratings, genres and profiles", "1997-09-01T00:00:00.000Z", people),
        dashboard("movierec-operation", "movierec: jobs and requests", "now-24h", running),
        dashboard("movierec-lists", "movierec: what lists come to", "now-30d", lists),
    ]  # fmt: skip


def wanted_fields(objects: Iterable[Saved]) -> dict[str, set[str]]:
    """The fields that the charts and data views ask for, by data view."""
    wanted: dict[str, set[str]] = {}
    for saved in objects:
        attributes = saved["attributes"]
        if saved["type"] == "index-pattern":
            wanted.setdefault(saved["id"], set()).update(filter(None, [attributes.get("timeFieldName")]))
        elif saved["type"] == "visualization":
            (view,) = (found["id"] for found in saved["references"] if found["type"] == "index-pattern")
            fields = wanted.setdefault(view, set())
            state = json.loads(attributes["visState"])
            fields |= {part["params"]["field"] for part in state["aggs"] if "field" in part["params"]}
            source = json.loads(attributes["kibanaSavedObjectMeta"]["searchSourceJSON"])
            fields |= set(re.findall(r"([\w@.]+)\s*:", source["query"]["query"]))
    return wanted


def missing_fields(objects: Iterable[Saved], mappings: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """``view.field`` for what no index of a view has; ``mappings`` as Elasticsearch gives them, by index."""
    missing = []
    for view, fields in wanted_fields(objects).items():
        known: set[str] = set()
        for index, answer in mappings.items():
            if index == view or index.startswith(f"{view}-"):
                known |= set(answer["mappings"].get("properties", {}))
        missing += [f"{view}.{field}" for field in sorted(fields) if field not in known]
    return missing


def read() -> list[Saved]:
    """The saved objects as they lie in the file."""
    return [json.loads(line) for line in NDJSON.read_text(encoding="utf-8").splitlines()]


_REFERENCE = "kibanaSavedObjectMeta.searchSourceJSON.index"


def _saved(kind: str, identifier: str, attributes: Saved, references: list[Saved], version: str) -> Saved:
    return {
        "type": kind,
        "id": identifier,
        "attributes": attributes,
        "references": references,
        "migrationVersion": {kind: version},
    }


def _source(query: str) -> Saved:
    return {"query": {"query": query, "language": "kuery"}, "filter": []}


def _parameters(kind: str, metric: Saved) -> Saved:
    """What Kibana needs to draw bars or lines over one axis."""
    label = metric["params"]["customLabel"]
    series = {
        "show": True,
        "type": kind,
        "mode": "stacked" if kind == "histogram" else "normal",
        "data": {"label": label, "id": "1"},
        "valueAxis": "ValueAxis-1",
        "drawLinesBetweenPoints": True,
        "showCircles": True,
    }
    axis = {"show": True, "style": {}, "scale": {"type": "linear"}, "labels": {"show": True}, "title": {}}
    return {
        "type": kind,
        "addTooltip": True,
        "addLegend": True,
        "legendPosition": "right",
        "categoryAxes": [{**axis, "id": "CategoryAxis-1", "type": "category", "position": "bottom"}],
        "valueAxes": [
            {**axis, "id": "ValueAxis-1", "name": "LeftAxis-1", "type": "value", "position": "left", "title": {"text": label}}
        ],
        "seriesParams": [series],
    }  # fmt: skip


def _text(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


def main(arguments: list[str]) -> int:
    """Write the file, or check it against mappings."""
    if arguments != ["--check"]:
        lines = [json.dumps(saved, separators=(",", ":")) for saved in saved_objects()]
        NDJSON.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return 0
    mappings = json.load(sys.stdin)
    missing = missing_fields(read(), mappings)
    if missing:
        print("Kibana's dashboards ask for fields that no index has: " + ", ".join(missing), file=sys.stderr)
        return 1
    views = wanted_fields(read())
    fields = sum(len(names) for names in views.values())
    print(
        f"Kibana's dashboards ask for {fields} fields of {len(views)} data views; the real indices have all."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
