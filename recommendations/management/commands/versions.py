"""``manage.py versions``: list model versions, promote one, roll back; under the same gate as in the admin and the API."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from recommendations.management.pipeline_output import clear_errors
from recommendations.models import ModelVersion, PromotionEvent
from recommendations.selectors.registry import champion_row, predecessor_of, version_by_name, versions_listed
from recommendations.services.audit import record_act
from recommendations.services.registry.gate import ndcg_of, verdict_of
from recommendations.services.registry.publishing import promote_by_hand, roll_back
from recommendations.services.stored_sentences import (
    COMMAND_SWITCHED,
    COMMAND_SWITCHED_OVERRIDDEN,
    in_english,
)

FAILED = 2
RIGHT = "recommendations.change_modelversion"


class Command(BaseCommand):
    help = (
        "List the model versions, make one of them the champion, or go back to the last champion that nobody has rolled "
        "away from. What the promotion gate refuses needs --override. Exit code: 0 done, 2 refused; nothing is switched then."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="list|promote|roll-back")
        listed = actions.add_parser("list", help="all versions, newest first")
        listed.add_argument("--json", action="store_true", help="print JSON lines")
        promote = actions.add_parser("promote", help="make a version the champion")
        promote.add_argument("version", help="its name")
        back = actions.add_parser("roll-back", help="go back to the champion before")
        for action in (promote, back):
            action.add_argument(
                "--by", required=True, metavar="NAME", help="account of the operator who decides"
            )
            action.add_argument("--reason", required=True, help="why; kept with the switch")
            action.add_argument("--override", action="store_true", help="switch although the gate refuses")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["action"] == "list":
            self._list(as_json=options["json"])
            return
        with clear_errors():
            switch: Callable[..., PromotionEvent] = roll_back
            if options["action"] == "promote":
                version = version_by_name(options["version"])
                if version is None:
                    raise CommandError(
                        f"There is no model version {options['version']}; see: manage.py versions list",
                        returncode=FAILED,
                    )
                switch = partial(promote_by_hand, version=version)
            operator = _operator(options["by"])
            event = switch(by=operator, reason=options["reason"], override=options["override"])
            self._tell(event, operator)

    def _tell(self, event: PromotionEvent, operator: User) -> None:
        switched = COMMAND_SWITCHED_OVERRIDDEN if event.overridden else COMMAND_SWITCHED
        record_act(by=operator, on=event.version, message=in_english(switched, reason=event.reason))
        verdict = verdict_of(event.version)
        if event.overridden and verdict is not None:
            self.stdout.write(f"The gate was overridden. {' '.join(verdict.sentences())}")
        before = event.previous.version if event.previous else "none"
        self.stdout.write(f"{event.version.version} is the champion now; before it was {before}.")

    def _list(self, *, as_json: bool) -> None:
        champion = champion_row()
        back = predecessor_of(champion) if champion else None
        for row in versions_listed():
            facts = _facts(row, is_next=row == back)
            self.stdout.write(json.dumps(facts) if as_json else _line(facts))
        if champion is None and not as_json:
            self.stdout.write("There is no champion yet; train one with: manage.py run_pipeline")


def _facts(row: ModelVersion, *, is_next: bool) -> dict[str, Any]:
    return {
        "version": row.version,
        "state": row.state,
        "gate": row.gate.get("outcome") if row.gate else None,
        "ndcg": ndcg_of(row, "temporal"),
        "pruned": row.pruned_at is not None,
        "roll_back_goes_here": is_next,
    }


def _line(facts: dict[str, Any]) -> str:
    figure = "" if facts["ndcg"] is None else f"  nDCG@10 {facts['ndcg']:.4f}"
    notes = [f"gate: {facts['gate']}"] if facts["gate"] else []
    notes += ["pruned"] if facts["pruned"] else []
    notes += ["rolling back goes here"] if facts["roll_back_goes_here"] else []
    return f"{facts['version']}  {facts['state']:<9}{figure}{'  (' + '; '.join(notes) + ')' if notes else ''}"


def _operator(name: str) -> User:
    """The account that answers for the switch.

    Raises ``CommandError`` if there is none of this name, or if it may not switch versions.
    """
    user = User.objects.filter(username=name, is_active=True).first()
    if user is None or not user.has_perm(RIGHT):
        raise CommandError(
            f"There is no account {name} that may switch versions; make one with: "
            f"manage.py create_operator --username {name}",
            returncode=FAILED,
        )
    return user
