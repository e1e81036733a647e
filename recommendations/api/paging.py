"""Pages of a list, each naming the next one with an opaque cursor."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from recommendations.api.fields import StrictSerializer, TextField, WholeNumberField

LONGEST_CURSOR = 200
# Elasticsearch pages through so many at most.
LAST_OFFSET = 9_900


class PageQuery(StrictSerializer):
    """The query parameters that a list in pages has besides its own."""

    limit = WholeNumberField(
        text=True, required=False, default=20, min_value=1, max_value=100, help_text="How many on a page."
    )
    cursor = TextField(
        required=False,
        max_length=LONGEST_CURSOR,
        help_text="The `next` of the page before, with the same other parameters.",
    )

    def offset(self) -> int:
        """How many come before this page.

        Raises
        ------
        ValidationError
            If the cursor is damaged, or was given with other parameters.
        """
        if "cursor" not in self.validated_data:
            return 0
        try:
            kept = json.loads(base64.urlsafe_b64decode(self.validated_data["cursor"].encode()))
            offset, wish = kept
        except (binascii.Error, ValueError, TypeError):
            offset, wish = None, None
        if type(offset) is not int or not 0 < offset <= LAST_OFFSET or wish != self._wish():
            sentence = _("cursor does not belong to this list. Leave it out to begin at the first page.")
            raise serializers.ValidationError({"cursor": [sentence]})
        return offset

    def next_cursor(self, *, offset: int, found: int, total: int) -> str | None:
        """The cursor of the page after one with ``found`` entries from ``offset`` on, or ``None`` at the end."""
        following = offset + found
        if not found or following >= total or following > LAST_OFFSET:
            return None
        text = json.dumps([following, self._wish()], separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode()

    def _wish(self) -> str:
        values: Mapping[str, Any] = self.validated_data
        kept = sorted(
            (name, repr(value)) for name, value in values.items() if name not in ("cursor", "limit")
        )
        return hashlib.sha256(repr(kept).encode()).hexdigest()[:12]


class PageSerializer(serializers.Serializer):
    """What every list in pages tells besides its entries."""

    total = serializers.IntegerField(min_value=0, help_text="On all pages.")
    next = serializers.CharField(
        allow_null=True, help_text="The cursor of the next page; null on the last one."
    )
