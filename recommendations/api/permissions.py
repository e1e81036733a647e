"""What a person may do here: the scopes of the token, and for operators the rights of the account."""

from __future__ import annotations

from django.utils.translation import gettext as _
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.models import ApiToken
from accounts.roles import ROLES, may_operate

Scope = ApiToken.Scope
#: What an account must be allowed to, for its tokens for other sites' people to work.
SERVICE_RIGHT = "recommendations.add_serviceperson"


class HasScope(BasePermission):
    """The token's scopes allow it: ``read`` for reading, ``write`` for changing, ``operate`` where the view says so.

    A session of the site is the person in the flesh and needs no scope.
    """

    def has_permission(self, request: Request, view: APIView) -> bool:
        """True if allowed; otherwise ``message`` tells which scope is missing."""
        if not isinstance(request.auth, ApiToken):
            return True
        needed = self.needed(view, str(request.method))
        self.message = _("This token lacks the scope %(scope)s.") % {"scope": needed}
        # Who may only look gets no token that operates.
        looks = needed == Scope.OPERATE and request.method in SAFE_METHODS and not may_operate(request.user)
        return needed in request.auth.scopes or (looks and Scope.READ in request.auth.scopes)

    @staticmethod
    def needed(view: APIView, method: str) -> str:
        """The scope that this method of the view needs."""
        if scope := getattr(view, "scope", None):
            return scope
        reads, writes = getattr(view, "reads", Scope.READ), getattr(view, "writes", Scope.WRITE)
        return reads if method in SAFE_METHODS else writes

    def in_words(self, view: APIView, method: str) -> str:
        """The requirement as a sentence of the published schema."""
        needed = self.needed(view, method)
        if needed == Scope.OPERATE and method in SAFE_METHODS:
            return "A viewer's token needs the scope `read`, those of others the scope `operate`."
        return f"A token needs the scope `{needed}`."


class MayTell(BasePermission):
    """Anybody; a token needs a scope that lets it change what is told about: an account's, or another site's people's."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """True if allowed; otherwise ``message`` tells which scope is missing."""
        if not isinstance(request.auth, ApiToken):
            return True
        needed = Scope.WRITE if request.auth.service_id is None else Scope.PEOPLE_WRITE
        self.message = _("This token lacks the scope %(scope)s.") % {"scope": needed}
        lost = request.auth.service_id is not None and not request.user.has_perm(SERVICE_RIGHT)
        return needed in request.auth.scopes and not lost

    def in_words(self, view: APIView, method: str) -> str:
        """The requirement as a sentence of the published schema."""
        return "A token needs the scope `write`, one for another site's people the scope `people:write`."


class SpeaksForService(BasePermission):
    """Whoever asks is a program of another site: its token says for whose people it speaks. Nobody's session does."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """True for a token of a service."""
        self.message = _(
            "This is for programs of other sites; it takes a token with a scope for their people."
        )
        return isinstance(request.auth, ApiToken) and request.auth.service_id is not None


class HasRights(BasePermission):
    """The account has the Django permission that the view names in ``rights``, by method."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """True if allowed. A method that the view does not name is allowed to nobody."""
        rights: dict[str, str] = getattr(view, "rights", {})
        method = "GET" if request.method in SAFE_METHODS else str(request.method)
        self.message = _("Your account does not have the role for this. An administrator can give it.")
        return method in rights and request.user.has_perm(rights[method])

    def in_words(self, view: APIView, method: str) -> str:
        """The requirement as a sentence of the published schema."""
        right = getattr(view, "rights", {}).get(method)
        return f"For the roles {', '.join(role for role, rights in ROLES.items() if right in rights)}."
