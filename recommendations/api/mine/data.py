"""My data as a whole: brought in from a file, taken along, and deleted."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.contrib.auth import authenticate
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.roles import user_of
from recommendations.api.base import NoQuery, SignedInView, checked_body, checked_query
from recommendations.api.fields import SecretField, StrictSerializer, TextField, WholeNumberField
from recommendations.api.mine.serializers import (
    APPLY,
    DELETION,
    EXPORT,
    FILE,
    IMPORTED,
    PREVIEW,
    MergedSerializer,
)
from recommendations.api.schema import described
from recommendations.api.serializers import LARGEST_NUMBER
from recommendations.api.throttles import ExpensiveThrottle, ImportThrottle
from recommendations.api.vocabulary import GivenStarsField
from recommendations.pages.account.forms import LONGEST_PASSWORD
from recommendations.services.account.deletion import delete_account
from recommendations.services.account.export import export_account
from recommendations.services.imports import apply_import, preview_import
from recommendations.stars import MOST_STARS

# A body is at most a megabyte; longer files go through the page.
LONGEST_FILE = 900_000
LONGEST_PLAN = 900_000


class FileBody(StrictSerializer):
    """The text of a file."""

    content = serializers.CharField(
        trim_whitespace=False,
        max_length=LONGEST_FILE,
        help_text="CSV, JSON or XML of any place that the page of imports names, or this site's own export.",
    )
    name = TextField(
        required=False,
        max_length=200,
        help_text="What the file is called: a `watchlist.csv` and a `watched.csv` have the same columns.",
    )


class DecisionsField(serializers.DictField):
    """Keys of doubtful rows with the film that each of them means."""

    child = WholeNumberField(min_value=1, max_value=LARGEST_NUMBER)


class ApplyBody(StrictSerializer):
    """What a preview showed, and what was decided."""

    token = TextField(max_length=LONGEST_PLAN, help_text="The `token` of the preview; good for a day.")
    decisions = DecisionsField(required=False, help_text="Of doubtful rows: `key` to one of its candidates.")


class DeletionBody(StrictSerializer):
    """The password, before everything goes."""

    password = SecretField(max_length=LONGEST_PASSWORD, help_text="Of the account.")


class CandidateSerializer(serializers.Serializer):
    """A film that a row may mean."""

    movie_id = serializers.IntegerField(min_value=1)
    title = serializers.CharField()
    year = serializers.IntegerField(allow_null=True)


class SureSerializer(serializers.Serializer):
    """A film that was found."""

    film = CandidateSerializer()
    stars = GivenStarsField()
    own_stars = serializers.IntegerField(allow_null=True, help_text="What the account has said already.")
    written = serializers.CharField(help_text="The rating of the file if it is not the same; else empty.")
    title = serializers.CharField(
        help_text="The title of the file if it is nearly that of the film; else empty."
    )


class DoubtSerializer(serializers.Serializer):
    """A row that has to be decided."""

    key = serializers.CharField(help_text="For `decisions`.")
    title = serializers.CharField()
    year = serializers.IntegerField(allow_null=True)
    stars = serializers.IntegerField(
        min_value=0, max_value=MOST_STARS, help_text="0: the row has no rating; `use` says what it is."
    )
    use = serializers.CharField(
        help_text="What the row is besides its rating: `watchlist`, `seen`, `like`, `list` or nothing."
    )
    written = serializers.CharField(help_text="The rating of the file if it is not the same; else empty.")
    candidates = CandidateSerializer(many=True)
    likely = serializers.IntegerField(
        allow_null=True,
        help_text="The candidate that is it as good as surely; decide for it, or for another.",
    )


class ImportPreviewSerializer(serializers.Serializer):
    """What a file would bring."""

    source = serializers.CharField(  # type: ignore[assignment]  # a name in JSON
        help_text="Whose export the file was taken for."
    )
    sure = SureSerializer(many=True, help_text="These come in.")
    watchlist = CandidateSerializer(many=True, help_text="Films without stars: these go on the watchlist.")
    doubts = DoubtSerializer(many=True, help_text="These come in if they are decided.")
    doubts_left_out = serializers.IntegerField(
        help_text="Doubtful rows beyond those that are told; left out."
    )
    missing = serializers.ListField(
        child=serializers.CharField(), help_text="The first titles that the catalogue does not have."
    )
    missing_count = serializers.IntegerField(help_text="How many there are of them.")
    unrated = serializers.IntegerField(help_text="Rows without stars; left out.")
    series = serializers.IntegerField(help_text="Rows that are no films; left out.")
    undated = serializers.IntegerField(help_text="Rows whose date cannot be read; they count as of now.")
    rounded = serializers.IntegerField(
        help_text="Ratings between two stars; halves count downwards, only half a star is one."
    )
    fault_count = serializers.IntegerField(help_text="Rows that cannot be read; left out.")
    seen = serializers.IntegerField(min_value=0, help_text="Viewings for the diary.")
    likes = serializers.IntegerField(min_value=0, help_text="Films that are liked.")
    lists = serializers.DictField(
        child=serializers.IntegerField(min_value=1), help_text="Names of lists and how many films each has."
    )
    token = serializers.CharField(
        help_text="Brings in what is told here; good for a day, and for this account."
    )


class ImportedSerializer(MergedSerializer):
    """What became of a file."""

    listed = serializers.IntegerField(min_value=0, help_text="Films that are new on the watchlist.")
    seen = serializers.IntegerField(min_value=0, help_text="Viewings that are new in the diary.")
    liked = serializers.IntegerField(min_value=0, help_text="Films that are new among the likes.")
    in_lists = serializers.IntegerField(min_value=0, help_text="Films that are new in lists.")
    number = serializers.IntegerField(
        allow_null=True, help_text="Of this import, for taking it back; null if nothing was new."
    )


class ImportPreviewView(SignedInView):
    """Reads a file of another service and says what would come in."""

    http_method_names = ["post"]
    throttles = (ImportThrottle,)

    @described(
        operation_id="import_preview",
        summary="Look at a file of ratings",
        description="Tells which films were recognised; nothing is changed. Then apply it with its token.",
        tags=["Mine"],
        request=FileBody,
        answers={200: ImportPreviewSerializer},
        examples=[FILE, PREVIEW],
    )
    def post(self, request: Request) -> Response:
        values = checked_body(request, FileBody).validated_data
        content = values["content"].encode("utf-8", "replace")
        preview = preview_import(user=user_of(request), content=content, name=values.get("name", ""))
        return Response(ImportPreviewSerializer(preview).data)


class ImportView(SignedInView):
    """Brings in a file that was looked at before."""

    http_method_names = ["post"]
    throttles = (ExpensiveThrottle,)

    @described(
        operation_id="import_apply",
        summary="Bring a file of ratings in",
        description="What was recognised, and of the doubtful rows those that were decided. Twice changes nothing.",
        tags=["Mine"],
        request=ApplyBody,
        answers={200: ImportedSerializer},
        examples=[APPLY, IMPORTED],
    )
    def post(self, request: Request) -> Response:
        values = checked_body(request, ApplyBody).validated_data
        outcome = apply_import(
            user=user_of(request), token=values["token"], decisions=values.get("decisions", {})
        )
        return Response(ImportedSerializer({**asdict(outcome), **asdict(outcome.ratings)}).data)


class ExportView(SignedInView):
    """Taking everything along."""

    http_method_names = ["get", "head"]

    @described(
        operation_id="export",
        summary="Everything that is kept about me",
        description="Account, profile, ratings, watchlist, hidden films, diary, likes, lists and tokens (without their texts).",
        tags=["Mine"],
        answers={200: {"type": "object", "additionalProperties": True}},
        examples=[EXPORT],
    )
    def get(self, request: Request) -> Response:
        checked_query(request, NoQuery)
        return Response(export_account(user=user_of(request)))


class DeletionView(SignedInView):
    """Deletes the account; the password proves whose it is."""

    http_method_names = ["post"]

    @described(
        operation_id="me_delete",
        summary="Delete my account",
        description="With everything that is kept about it, at once. 403 if the password is wrong, 409 for the last administrator.",
        tags=["Mine"],
        request=DeletionBody,
        answers={204: None},
        problems=(409,),
        examples=[DELETION],
    )
    def post(self, request: Request) -> Any:
        values = checked_body(request, DeletionBody).validated_data
        name = request.user.get_username()
        if authenticate(request._request, username=name, password=values["password"]) != request.user:
            raise PermissionDenied(_("This is not the password of the account."))
        delete_account(user=request.user)
        return Response(status=204)
