"""Letters to people with an account, and addresses that count only once their owner has confirmed them."""

from __future__ import annotations

import hashlib
import logging
import math
import smtplib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.tokens import default_token_generator
from django.core import signing
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.models import User
from movierec_site.letter_files import Letter
from recommendations.errors import MovierecError
from recommendations.web import limits

SALT = "movierec.accounts.email"
VALID_SECONDS = 3 * 24 * 3600
_NOT_SENT = gettext_lazy("The e-mail could not be sent. Try again in some minutes.")
# One thread of its own sends what must not be seen in the time of an answer.
_afterwards = ThreadPoolExecutor(1, thread_name_prefix="letters").submit
logger = logging.getLogger(__name__)


class MailError(MovierecError):
    """The letter could not be handed over; the message is one clear sentence."""


class ConfirmationError(MovierecError):
    """The link is broken, too old, used up, or its address belongs to another account by now."""


@dataclass(frozen=True)
class Confirmation:
    """Whose address becomes which."""

    user: User
    address: str


def request_email_change(*, user: User, address: str, link: str, asked_from: str) -> None:
    """Send a letter to ``address``; the account has that address once its link is followed.

    ``link`` holds ``{token}`` where the token belongs, ``asked_from`` is the network that counts for it. If another account has the address already, the letter says
    so there, and nobody who types a stranger's address learns anything.

    Raises
    ------
    MailError
    """
    _count_letter(asked_from)
    if User.objects.filter(email__iexact=address).exclude(pk=user.pk).exists():
        send_letter("email_taken", address, {"user": user})
        return
    token = signing.dumps({"user": user.pk, "address": address, "was": user.email}, salt=SALT)
    send_letter("email_confirm", address, {"user": user, "link": link.replace("{token}", token)})


def read_confirmation(*, token: str) -> Confirmation:
    """What a link asks for.

    Raises
    ------
    ConfirmationError
    """
    try:
        kept = signing.loads(token, salt=SALT, max_age=VALID_SECONDS)
        user = User.objects.get(pk=kept["user"], email=kept["was"], is_active=True)
    except (signing.BadSignature, User.DoesNotExist) as error:
        raise ConfirmationError(_("This link is too old, was used already, or is incomplete.")) from error
    return Confirmation(user, kept["address"])


def confirm_email(*, token: str) -> Confirmation:
    """Give the account its new address, and tell the old one.

    Raises
    ------
    ConfirmationError
    """
    confirmation = read_confirmation(token=token)
    user, before = confirmation.user, confirmation.user.email
    user.email = confirmation.address
    try:
        with transaction.atomic():
            user.save(update_fields=["email"])
    except IntegrityError as error:
        raise ConfirmationError(_("Another account has this e-mail address by now.")) from error
    if before:
        try:
            send_letter("email_changed", before, {"user": user})
        except MailError:
            logger.warning("The old address of account %s could not be told of its change", user.pk)
    return confirmation


def send_password_reset(*, address: str, link: str, asked_from: str) -> None:
    """Send a link for a new password if an account has this address; nobody learns whether one does.

    ``link`` holds ``{account}`` and ``{token}``. Known and unknown addresses cost the same: the mail server is asked
    whether it answers in either case, and the e-mail itself is made and sent after the answer.

    Raises
    ------
    MailError
    """
    _count_letter(asked_from)
    connection = get_connection()
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        logger.error("The mail server does not answer: %s", error)
        raise MailError(_NOT_SENT) from error
    may_send = _may_send("password_reset", address)
    user = User.objects.filter(email__iexact=address, is_active=True).first()
    _afterwards(_send_reset, connection, user if may_send else None, link, get_language())


def _send_reset(connection: BaseEmailBackend, user: User | None, link: str, language: str | None) -> None:
    try:
        if user is not None:
            account, token = (
                urlsafe_base64_encode(force_bytes(user.pk)),
                default_token_generator.make_token(user),
            )
            link = link.replace("{account}", account).replace("{token}", token)
            with translation.override(language):
                _letter("password_reset", user.email, {"user": user, "link": link}, connection).send()
        connection.close()
    except (OSError, smtplib.SMTPException) as error:
        logger.error("A letter (password_reset) could not be sent: %s", error)


def send_letter(name: str, address: str, context: dict[str, Any]) -> None:
    """Send ``templates/accounts/mail/NAME.txt``, whose first line is the subject; too many an hour are left out.

    Raises
    ------
    MailError
    """
    if not _may_send(name, address):
        return
    try:
        _letter(name, address, context).send()
    except (OSError, smtplib.SMTPException) as error:
        logger.error("A letter (%s) could not be sent: %s", name, error)
        raise MailError(_NOT_SENT) from error


def _letter(
    name: str, address: str, context: dict[str, Any], connection: BaseEmailBackend | None = None
) -> Letter:
    subject, _newline, body = render_to_string(f"accounts/mail/{name}.txt", context).strip().partition("\n")
    letter = Letter(subject, body.strip() + "\n", None, [address], connection=connection)
    letter.account = context["user"].pk
    return letter


def _count_letter(asked_from: str) -> None:
    seconds = limits.count("letter-address", asked_from)
    if seconds:
        sentence = _("Too many e-mails were asked for from your network. Try again in %(minutes)s minutes.")
        raise MailError(sentence % {"minutes": math.ceil(seconds / 60)})


def _may_send(name: str, address: str) -> bool:
    # Hashed: an address may hold signs that a cache's keys may not.
    whom = hashlib.sha256(address.casefold().encode()).hexdigest()
    if limits.count("letter-mailbox", f"{name}:{whom}"):
        logger.warning("A letter (%s) is left out: its address has had enough of them", name)
        return False
    return True
