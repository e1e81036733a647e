"""Mail to operators about what they would otherwise have to look for: a job that failed or was lost, a version that the gate refuses."""

from __future__ import annotations

import logging
import smtplib

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.message import EmailMessage
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from recommendations.models import Job
from recommendations.services.stored_sentences import in_active_language

# What somebody has to look at; a job that was cancelled was ended by somebody who knows.
BAD_ENDS = (Job.State.FAILED, Job.State.LOST)
logger = logging.getLogger(__name__)


def operators_with_addresses() -> list[User]:
    """Active accounts with an e-mail address that may start and cancel jobs, by name."""
    may = Q(is_superuser=True) | Q(groups__permissions__codename="change_job")
    return list(User.objects.filter(may, is_active=True).exclude(email="").distinct().order_by("username"))


def is_worth_a_letter(job: Job) -> bool:
    """Whether the job ended in a way that somebody should know of: failed, lost, or with a version that was refused."""
    refused = job.state == Job.State.SUCCEEDED and (job.result or {}).get("promoted") is False
    return job.state in BAD_ENDS or (refused and bool((job.result or {}).get("trained")))


def mail_about(job: Job) -> int:
    """Send a letter about the job to each operator, if mail is set (``EMAIL_URL``); returns how many were sent.

    What the mail server refuses is logged: the admin's start page shows the same until somebody has seen it.
    """
    if not settings.MAIL_IS_SET or not is_worth_a_letter(job):
        return 0
    with translation.override(settings.LANGUAGE_CODE):
        letters = [_letter(job, operator) for operator in operators_with_addresses()]
    if not letters:
        return 0
    try:
        return int(get_connection().send_messages(letters) or 0)
    except (OSError, smtplib.SMTPException) as error:
        logger.error("Operators could not be told of job %s by mail: %s", job.pk, error)
        return 0


def _letter(job: Job, operator: User) -> EmailMessage:
    words = {"job": str(job), "state": job.get_state_display(), "name": operator.username}
    if job.state in BAD_ENDS:
        subject = _("%(job)s: %(state)s") % words
        reason = in_active_language(job.message)
    else:
        subject = _("%(job)s: the new version was not promoted") % words
        reason = in_active_language(str((job.result or {}).get("reason", "")))
    lines = [_("Hello %(name)s,") % words, "", f"{subject}.", reason]
    if settings.SITE_URL:
        lines += ["", f"{settings.SITE_URL.rstrip('/')}/admin/recommendations/job/{job.pk}/change/"]
    return EmailMessage(subject, "\n".join(lines) + "\n", None, [operator.email])
