"""What Kibana gets of lists: the admin's counts, in fields that the index has, and nothing of a person."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.models import User
from recommendations.models import Event, MadeList
from recommendations.search.operations_index import operations_mapping
from recommendations.services.operations_record import made_lists

pytestmark = pytest.mark.django_db


def test_lists_are_told_by_day_version_arm_and_row():
    now, user = timezone.now(), User.objects.create_user("someone")
    for arm in ("a", "a", "b"):
        MadeList.objects.create(
            made_at=now, version="v1", arm=arm, user=user, places={"list": [1, 2], "gems": [3]}
        )
    for kind, stars in (("open", None), ("rating", 5), ("hide", None)):
        Event.objects.create(
            id=uuid4(),
            day=now.date(),
            kind=kind,
            at=now,
            received_at=now,
            list_id=uuid4(),
            version="v1",
            arm="a",
            row="list",
            stars=stars,
            user=user,
        )
    documents = dict(made_lists(days=2))
    day = f"{now:%Y%m%d}"
    assert set(documents) == {f"lists-{day}-v1-{arm}-{row}" for arm in "ab" for row in ("list", "gems")}
    told = documents[f"lists-{day}-v1-a-list"]
    counts = {name: told[name] for name in ("lists", "opened", "likes", "hides", "impressions")}
    assert counts == {"lists": 2, "opened": 1, "likes": 1, "hides": 1, "impressions": 0}
    assert told["kind"] == "lists"
    fields = operations_mapping()["properties"]
    assert all(set(document) <= set(fields) for document in documents.values())
    assert not {"user", "visitor", "person"} & set(fields)
