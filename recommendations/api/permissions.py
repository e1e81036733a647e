"""What a person may do here: the scopes of the token, and for operators the rights of the account."""

from __future__ import annotations

from django.utils.translation import gettext as _
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.models import ApiToken
from accounts.roles import ROLES, may_operate

Scope = ApiToken.Scope


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
        return getattr(view, "scope", None) or (Scope.READ if method in SAFE_METHODS else Scope.WRITE)

    def in_words(self, view: APIView, method: str) -> str:
        """For the schema."""
        needed = self.needed(view, method)
        if needed == Scope.OPERATE and method in SAFE_METHODS:
            return "A viewer's token needs the scope `read`, those of others the scope `operate`."
        return f"A token needs the scope `{needed}`."


class HasRights(BasePermission):
    """The account has the Django permission that the view names in ``rights``, by method."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """True if allowed. A method that the view does not name is allowed to nobody."""
        rights: dict[str, str] = getattr(view, "rights", {})
        method = "GET" if request.method in SAFE_METHODS else str(request.method)
        self.message = _("Your account does not have the role for this. An administrator can give it.")
        return method in rights and request.user.has_perm(rights[method])

    def in_words(self, view: APIView, method: str) -> str:
        """For the schema."""
        right = getattr(view, "rights", {}).get(method)
        return f"For the roles {', '.join(role for role, rights in ROLES.items() if right in rights)}."
