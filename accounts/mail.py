"""Where letters go when nobody has said where."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage


class NoMailServer(BaseEmailBackend):
    """Refuses every letter, so that whoever waits for one is told, and no link ends up in a log."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Raises ``OSError`` like a server that is away."""
        raise OSError("EMAIL_URL is not set, so there is no mail server")
