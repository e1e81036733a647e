"""E-mails as files, for a site without a mail server: only the program's own user reads them, as links let people in."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable, Sequence
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone


class Letter(EmailMessage):
    """An e-mail that is about one account."""

    account = 0


class LetterFiles(BaseEmailBackend):
    """Writes each e-mail into a file of its own under ``EMAIL_FILE_PATH``; the name tells whom it concerns."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.EMAIL_FILE_PATH)  # type: ignore[misc]  # set where this backend is
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for message in email_messages:
            account = getattr(message, "account", 0)
            address = _digest(message.to[0] if message.to else "")
            name = f"{timezone.now():%Y%m%d-%H%M%S}-{account}-{address}-{secrets.token_hex(4)}.log"
            descriptor = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(message.message().as_bytes() + b"\n")
        return len(email_messages)


def remove_letters(*, account: int, addresses: Iterable[str]) -> None:
    """Delete what :class:`LetterFiles` has written about the account or to one of its addresses."""
    folder = getattr(settings, "EMAIL_FILE_PATH", None)
    if folder is None:
        return
    wanted = [f"*-{account}-*-*.log", *(f"*-*-{_digest(address)}-*.log" for address in addresses if address)]
    for pattern in wanted:
        for path in Path(folder).glob(pattern):
            path.unlink(missing_ok=True)


def _digest(address: str) -> str:
    return hashlib.sha256(address.casefold().encode()).hexdigest()[:16]
