"""Choosing a film together: a link for two to eight people, who need no account."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from recommendations.models import GroupMember, WatchGroup
from recommendations.models.groups import LONGEST_NAME
from recommendations.pages.problems import problem_page
from recommendations.pages.visit.requests import signed_in, viewer_of
from recommendations.selectors import groups as selectors
from recommendations.selectors.catalogue import FilmFacts
from recommendations.selectors.lists import questions, world
from recommendations.selectors.lists.person import Person, RatedMovie, RecommendationError, UnknownFilmError
from recommendations.services import groups as services
from recommendations.services.imports import ImportFileError, ratings_of_file
from recommendations.stars import MOST_STARS
from recommendations.web.limits import limited
from recommendations.web.problems import problem_of

# Group key → key of the member who looks.
SESSION_KEY = "groups"
FILMS_TO_PICK, MOST_PICKED = 18, 40
OWN_LIST, PICKED = "list", "picked"


class JoinForm(forms.Form):
    """What a new member says: a name for the others, and from what the group knows their taste."""

    name = forms.CharField(
        label=gettext_lazy("Your name in the group"),
        max_length=LONGEST_NAME,
        error_messages={
            "required": gettext_lazy("Your name in the group: nothing was typed. A first name is enough."),
            "max_length": gettext_lazy("Your name in the group: at most 40 characters, please."),
        },
    )
    file = forms.FileField(
        label=gettext_lazy("Or a list from elsewhere"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.json,.xml,.zip"}),
        help_text=gettext_lazy(
            "The export of Letterboxd, IMDb, Trakt or another place, as it came; at most 5 MB."
        ),
    )
    source = forms.ChoiceField(choices=((OWN_LIST, ""), (PICKED, "")), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "join_%s", **kwargs})

    def clean_file(self) -> tuple[RatedMovie, ...]:
        """The ratings of the file; none without one."""
        file = self.cleaned_data["file"]
        if not file:
            return ()
        try:
            rated = ratings_of_file(content=file.read(), name=file.name)
        except ImportFileError as error:
            raise forms.ValidationError(str(error)) from error
        return tuple(RatedMovie(number, stars) for number, stars in rated.items())

    def member(self, request: HttpRequest) -> dict[str, Any]:
        """What services take: name, account, and the person of the site or somebody who loves the films picked here."""
        own = viewer_of(request).person
        brought = self.cleaned_data["file"]
        follows = own is not None and self.cleaned_data["source"] != PICKED and not brought
        return {
            "name": self.cleaned_data["name"],
            "person": own if follows else Person(ratings=(*brought, *_picked(request))),
            "user": signed_in(request),
            "follows_site": follows,
        }


def _join_form(request: HttpRequest) -> JoinForm:
    return JoinForm(request.POST, request.FILES) if request.method == "POST" else JoinForm()


def _picked(request: HttpRequest) -> tuple[RatedMovie, ...]:
    texts = request.POST.getlist("loved")[:MOST_PICKED]
    numbers = dict.fromkeys(
        int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 10
    )
    return tuple(RatedMovie(number, MOST_STARS) for number in numbers)


@limited("group")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """What it is, the groups that this browser is in, and the form that starts one."""
    form = _join_form(request)
    if form.is_bound and form.is_valid():
        return _remembered(request, services.start_group(**form.member(request)))
    mine = [
        member
        for member in GroupMember.objects.filter(key__in=_kept(request).values()).select_related("group")
        if not selectors.has_ended(member.group)
    ]
    return _form_page(request, form, {"mine": mine})


@limited("group")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def group(request: HttpRequest, key: str) -> HttpResponse:
    """The common list for a member; for everybody else who has the link the form to join."""
    found = _group_or_404(key)
    if selectors.has_ended(found):
        return render(request, "pages/group_ended.html", status=410)
    member = _member(request, found)
    if member is not None:
        return _list_page(request, found, member)
    form = _join_form(request)
    status = 400 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            joined = services.join_group(key=key, **form.member(request))
        except services.NameInGroupError as error:
            form.add_error("name", str(error))
        except (services.GroupFullError, services.GroupEndedError) as error:
            return problem_page(request, problem_of(error))
        else:
            return _remembered(request, joined)
    return _form_page(request, form, {"group": found, "members": selectors.members_of(found)}, status)


def _members_only(view: Callable[..., HttpResponse | None]) -> Callable[..., HttpResponse]:
    """A change by a member, who is sent back to the list; everybody else as well, where they can join."""

    @never_cache
    @require_POST
    @wraps(view)
    def guarded(request: HttpRequest, key: str, **arguments: Any) -> HttpResponse:
        found = _group_or_404(key)
        member = None if selectors.has_ended(found) else _member(request, found)
        if member is not None and (answer := view(request, member, **arguments)) is not None:
            return answer
        return HttpResponseRedirect(reverse("pages:group", args=[key]), status=303)

    return guarded


@_members_only
def floor(request: HttpRequest, member: GroupMember) -> HttpResponse | None:
    """Move the floor of the group."""
    text = request.POST.get("floor", "")
    try:
        services.move_floor(group=member.group, floor=int(text) if text.isdecimal() and len(text) < 4 else -1)
    except services.InvalidError as error:
        return problem_page(request, problem_of(error))
    return None


@_members_only
def veto(request: HttpRequest, member: GroupMember, movie_id: int) -> HttpResponse | None:
    """Take a film out of the list, or with ``undo`` let it in again."""
    if "undo" in request.POST:
        services.take_veto_back(member=member, movie_id=movie_id)
        return None
    try:
        services.veto_movie(member=member, movie_id=movie_id)
    except UnknownFilmError as error:
        raise Http404(str(error)) from error
    return None


@_members_only
def leave(request: HttpRequest, member: GroupMember) -> HttpResponse | None:
    """Leave the group; its founder may end it for everybody."""
    kept = _kept(request)
    kept.pop(member.group.key, None)
    request.session[SESSION_KEY] = kept
    if member.is_founder and "end" in request.POST:
        services.end_group(group=member.group)
        messages.success(request, _("The group has ended; what its people said in it is forgotten."))
    else:
        services.leave_group(member=member)
        messages.success(request, _("You have left the group; what you said in it is forgotten."))
    return HttpResponseRedirect(reverse("pages:groups"), status=303)


def _list_page(request: HttpRequest, found: WatchGroup, member: GroupMember) -> HttpResponse:
    own = viewer_of(request).person
    if own is not None:
        services.refresh_member(member=member, person=own)
    members = selectors.members_of(found)
    try:
        listed = selectors.common_list_for(found, members)
    except RecommendationError as error:
        return problem_page(request, problem_of(error))
    context = {
        "group": found,
        "member": member,
        "members": members,
        "listed": listed,
        "floors": services.FLOORS,
        "link": request.build_absolute_uri(reverse("pages:group", args=[found.key])),
        "alone": len(members) == 1,
    }
    return render(request, "pages/group.html", context)


def _form_page(
    request: HttpRequest, form: JoinForm, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    viewer = viewer_of(request)
    own = viewer.person
    try:
        films: tuple[FilmFacts, ...] = questions.questions_for(world.look_at(Person()), count=FILMS_TO_PICK)
    except RecommendationError as error:
        return problem_page(request, problem_of(error))
    shown = {
        "form": form,
        "films": films,
        "picked": set(request.POST.getlist("loved")),
        "own": None if own is None else viewer.describe(),
        "rated": 0 if own is None else len(own.ratings),
        "source": request.POST.get("source", OWN_LIST),
    }
    status = 400 if form.errors else status
    return render(request, "pages/group_join.html", {**shown, **context}, status=status)


def _group_or_404(key: str) -> WatchGroup:
    found = selectors.group_by_key(key=key)
    if found is None:
        raise Http404(_("There is no group with this link."))
    return found


def _kept(request: HttpRequest) -> dict[str, str]:
    kept = request.session.get(SESSION_KEY)
    return dict(kept) if isinstance(kept, dict) else {}


def _member(request: HttpRequest, found: WatchGroup) -> GroupMember | None:
    """Who of the group looks: by the session, or by the account on another device."""
    key, user = _kept(request).get(found.key), signed_in(request)
    for member in selectors.members_of(found):
        if member.key == key or (user is not None and member.user_id == user.pk):
            return member
    return None


def _remembered(request: HttpRequest, member: GroupMember) -> HttpResponse:
    request.session[SESSION_KEY] = {**_kept(request), member.group.key: member.key}
    return redirect("pages:group", member.group.key)
