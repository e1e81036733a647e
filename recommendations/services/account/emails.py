"""Letters to people with an account, and addresses that count only once their owner has confirmed them."""

from __future__ import annotations

import hashlib
import logging
import smtplib
from dataclasses import dataclass

from django.core import signing
from django.core.cache import cache
from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from accounts.models import User

SALT = "movierec.accounts.email"
VALID_SECONDS = 3 * 24 * 3600
# Nobody shall fill a stranger's mailbox: further letters of a kind are left out, in each process.
MOST_LETTERS, LETTERS_SECONDS = 5, 3600
logger = logging.getLogger(__name__)


class MailError(Exception):
    """The letter could not be handed over; the message is one clear sentence."""


class ConfirmationError(Exception):
    """The link is broken, too old, used up, or its address belongs to another account by now."""


@dataclass(frozen=True)
class Confirmation:
    """Whose address becomes which."""

    user: User
    address: str


def request_email_change(*, user: User, address: str, link: str) -> None:
    """Send a letter to ``address``; the account has that address once its link is followed.

    ``link`` holds ``{token}`` where the token belongs. If another account has the address already, the letter says
    so there, and nobody who types a stranger's address learns anything.

    Raises
    ------
    MailError
    """
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


def send_letter(name: str, address: str, context: dict[str, object]) -> None:
    """Send ``templates/accounts/mail/NAME.txt``, whose first line is the subject; too many an hour are left out.

    Raises
    ------
    MailError
    """
    if not _may_send(name, address):
        logger.warning("A letter (%s) is left out: its address has had %s within an hour", name, MOST_LETTERS)
        return
    subject, _newline, body = render_to_string(f"accounts/mail/{name}.txt", context).strip().partition("\n")
    try:
        send_mail(subject, body.strip() + "\n", None, [address])
    except (OSError, smtplib.SMTPException) as error:
        logger.error("A letter (%s) could not be sent: %s", name, error)
        raise MailError(_("The e-mail could not be sent. Try again in some minutes.")) from error


def _may_send(name: str, address: str) -> bool:
    # Hashed: an address may hold signs that a cache's keys may not.
    key = f"letters:{name}:{hashlib.sha256(address.casefold().encode()).hexdigest()}"
    cache.add(key, 0, LETTERS_SECONDS)
    try:
        return cache.incr(key) <= MOST_LETTERS
    except ValueError:  # ran out in this very moment
        return True
