"""Accounts: the engine is replaced as for the pages."""

import pytest
from django.core.cache import cache

from accounts.models import User
from recommendations.services.account import emails
from tests.pages.conftest import as_person, compiled_messages, engine, english_again

__all__ = ["as_person", "compiled_messages", "engine", "english_again"]
PASSWORD = "correct-horse-9"  # noqa: S105


@pytest.fixture
def ann(db) -> User:
    """An account with a confirmed address."""
    return User.objects.create_user("ann", "ann@example.org", PASSWORD)


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    """No test starts with letters that another one has sent."""
    cache.clear()


@pytest.fixture(autouse=True)
def sent_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a thread sends after the answer is sent before the test looks."""
    monkeypatch.setattr(emails, "_afterwards", lambda send, *what: send(*what))
