"""Kibana's saved objects: what they refer to exists, in the file and in the indices."""

import importlib.util
import json

import pytest
from django.conf import settings

from recommendations.search.mappings import movies_mapping, user_profiles_mapping
from recommendations.search.operations_index import operations_mapping

PLACE = settings.BASE_DIR / "docker/kibana/dashboards.py"
spec = importlib.util.spec_from_file_location("kibana_dashboards", PLACE)
dashboards = importlib.util.module_from_spec(spec)
spec.loader.exec_module(dashboards)

MAPPINGS = {
    "movies-v1": {"mappings": movies_mapping(3)},
    "user_profiles-v1": {"mappings": user_profiles_mapping(3)},
    "operations": {"mappings": operations_mapping()},
}


def test_the_file_is_what_the_program_makes():
    written = [json.dumps(saved, sort_keys=True) for saved in dashboards.read()]
    made = [json.dumps(saved, sort_keys=True) for saved in dashboards.saved_objects()]
    assert written == made, "run: python docker/kibana/dashboards.py"


def test_every_reference_leads_somewhere():
    objects = dashboards.read()
    known = {(saved["type"], saved["id"]) for saved in objects}
    assert len(known) == len(objects)
    for saved in objects:
        for reference in saved["references"]:
            assert (reference["type"], reference["id"]) in known, reference
        if saved["type"] == "dashboard":
            names = {panel["panelRefName"] for panel in json.loads(saved["attributes"]["panelsJSON"])}
            assert names == {reference["name"] for reference in saved["references"]}


def test_what_the_dashboards_are_about():
    titles = " ".join(saved["attributes"]["title"] for saved in dashboards.read())
    for subject in (
        "Ratings over time",
        "genre",
        "Profiles",
        "Job durations",
        "latency",
        "Lists by version",
        "Likes",
    ):
        assert subject in titles


def test_every_field_is_mapped():
    assert dashboards.missing_fields(dashboards.read(), MAPPINGS) == []
    wanted = dashboards.wanted_fields(dashboards.read())
    assert wanted["movies"] == {"genres", "mean_stars"}
    assert {"@timestamp", "kind", "seconds", "p95_milliseconds"} <= wanted["operations"]


@pytest.mark.parametrize(("index", "field"), [("movies-v1", "genres"), ("operations", "kind")])
def test_a_field_that_is_gone_is_told(index, field):
    fields = dict(MAPPINGS[index]["mappings"]["properties"])
    del fields[field]
    broken = {**MAPPINGS, index: {"mappings": {"properties": fields}}}
    view = index.split("-")[0]
    assert dashboards.missing_fields(dashboards.read(), broken) == [f"{view}.{field}"]


def test_no_index_at_all_is_told():
    assert "movies.genres" in dashboards.missing_fields(dashboards.read(), {})
