"""``manage.py create_operator``: an account for the admin, with a role and never with a default password."""

from __future__ import annotations

import getpass
import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import User
from accounts.roles import OPERATOR, ROLES, repair_roles

PASSWORD_VARIABLE = "MOVIEREC_OPERATOR_PASSWORD"


class Command(BaseCommand):
    help = (
        "Create an account that may sign in at /admin/, or give an existing account another role. The password is asked "
        f"for on a terminal; otherwise it is read from {PASSWORD_VARIABLE} or from one line of the standard input."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--username", required=True)
        parser.add_argument("--role", choices=list(ROLES), default=OPERATOR, help="default: %(default)s")
        parser.add_argument("--email", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        name, role = options["username"], options["role"]
        user = User.objects.filter(username=name).first()
        created = user is None
        if user is None:
            user = User(username=name, email=options["email"])
            password = _read_password()
            try:
                validate_password(password, user)
                user.set_password(password)
                user.full_clean()
            except ValidationError as error:
                raise CommandError(" ".join(error.messages), returncode=2) from error
        with transaction.atomic():
            if not Group.objects.filter(name=role, permissions__isnull=False).exists():
                repair_roles()
            user.is_staff = True
            user.save()
            user.groups.remove(*Group.objects.filter(name__in=ROLES))
            user.groups.add(Group.objects.get(name=role))
        done = "was created with" if created else "now has"
        self.stdout.write(f"{name} {done} the role {role} and may sign in at /admin/.")


def _read_password() -> str:
    given = os.environ.get(PASSWORD_VARIABLE, "")
    if given:
        return given
    if not sys.stdin.isatty():
        given = sys.stdin.readline().rstrip("\n")
        if not given:
            raise CommandError(
                f"There is no password: type it on a terminal, set {PASSWORD_VARIABLE}, or send it as one line.",
                returncode=2,
            )
        return given
    given = getpass.getpass("Password: ")
    if given != getpass.getpass("Password (again): "):
        raise CommandError("The two passwords differ; nothing was created.", returncode=2)
    return given
