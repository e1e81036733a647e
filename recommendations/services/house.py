"""Operators make and end rules about lists, and order the rows of the list page; each act is in the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from recommendations.errors import ConflictError, InvalidError
from recommendations.models import HouseRule, ListRandomisation, PageRow
from recommendations.ranking.randomised import MOST_SHARE
from recommendations.selectors.lists.house import ROW_KINDS, forget_house
from recommendations.selectors.lists.randomised import forget_randomisation
from recommendations.services.audit import record_act
from recommendations.services.stored_sentences import (
    LISTS_RANDOMISED,
    ROW_HIDDEN,
    ROW_PLACED,
    RULE_ENDED,
    RULE_MADE,
    in_english,
)


class RuleEndedError(ConflictError):
    """The rule has ended already."""


class RowsError(InvalidError):
    """The order names a row that there is not."""

    field = "rows"


class RandomisedShareError(InvalidError):
    """The share is not between 0 and what may be drawn."""

    field = "share"


@transaction.atomic
def make_rule(*, by: User, **values: Any) -> HouseRule:
    """Keep a rule, which holds from the next list on; ``values`` are its fields, checked by the form."""
    rule = HouseRule(made_by=by, **values)
    rule.save()
    act, films = rule.act, f"{rule.field} {rule.value}"
    record_act(by=by, on=rule, message=in_english(RULE_MADE, act=act, films=films, audience=rule.audience))
    transaction.on_commit(forget_house)
    return rule


@transaction.atomic
def end_rule(*, rule: HouseRule, by: User) -> None:
    """Let a rule hold no longer; the row stays.

    Raises
    ------
    RuleEndedError
    """
    ended = HouseRule.objects.filter(pk=rule.pk, ended_at=None).update(ended_at=timezone.now())
    if not ended:
        raise RuleEndedError(_("The rule has ended already."))
    record_act(by=by, on=rule, message=in_english(RULE_ENDED, rule=rule.name))
    transaction.on_commit(forget_house)


@transaction.atomic
def order_rows(*, places: Mapping[str, int], shown: Mapping[str, bool], by: User) -> None:
    """Put the rows of the list page in the order of their ``places`` and show those that are to be shown.

    Raises
    ------
    RowsError
    """
    if unknown := sorted({*places, *shown} - set(ROW_KINDS)):
        raise RowsError(_("There is no row “%(row)s”.") % {"row": unknown[0]})
    before = {row.kind: (row.place, row.is_shown) for row in PageRow.objects.all()}
    ordered = sorted(places, key=lambda kind: (places[kind], ROW_KINDS.index(kind)))
    for place, kind in enumerate(ordered, start=1):
        is_shown = shown.get(kind, True)
        if before.get(kind) == (place, is_shown):
            continue
        row, _made = PageRow.objects.update_or_create(
            kind=kind, defaults={"place": place, "is_shown": is_shown}
        )
        sentence = ROW_PLACED if is_shown else ROW_HIDDEN
        record_act(by=by, on=row, message=in_english(sentence, row=kind, place=place))
    transaction.on_commit(forget_house)


@transaction.atomic
def randomise_lists(*, share: float, by: User) -> ListRandomisation:
    """Have the order of this share of lists drawn from now on; 0 ends it. A share that is set already changes nothing.

    Raises
    ------
    RandomisedShareError
    """
    if not 0 <= share <= MOST_SHARE:
        raise RandomisedShareError(
            _("share is %(value)s; expected 0 to %(most)s.") % {"value": share, "most": MOST_SHARE}
        )
    state, _made = ListRandomisation.objects.select_for_update().get_or_create(pk=1)
    if state.share != share:
        before, state.share = state.share, share
        state.save(update_fields=["share"])
        said = in_english(LISTS_RANDOMISED, share=f"{share:g}", before=f"{before:g}")
        record_act(by=by, on=state, message=said)
        transaction.on_commit(forget_randomisation)
    return state
