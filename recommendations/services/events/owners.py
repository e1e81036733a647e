"""Whose lists and events are: an account's, a visit's, those of another site's people, or nobody's."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from accounts.models import Service


@dataclass(frozen=True)
class Owner:
    """Who got a list: at most one of an account, a person of another site and a visit."""

    user_id: int | None = None
    person_id: int | None = None
    visitor: UUID | None = None

    @property
    def key(self) -> str:
        """Names them for good, so that an experiment gives them the same arm each time; empty for nobody."""
        named = {"user": self.user_id, "person": self.person_id, "visit": self.visitor}
        return next((f"{kind}/{number}" for kind, number in named.items() if number is not None), "")


@dataclass(frozen=True)
class Sender:
    """Who sends events: an account, a visit, another site for its people, or nobody that is known."""

    user_id: int | None = None
    service: Service | None = None
    visitor: UUID | None = None

    @property
    def name(self) -> str:
        """Keeps the names that senders give to their events apart."""
        service = self.service.pk if self.service else ""
        return f"{self.user_id or ''}/{service}/{self.visitor or ''}"


NOBODY = Owner()
