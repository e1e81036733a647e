"""Forms of accounts. Each message names the input and the way out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import authenticate, password_validation
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from accounts.models import User
from recommendations.pages.forms import NewcomerForm
from recommendations.ranking.demographics import Demographics

LONGEST_NAME, LONGEST_PASSWORD = 30, 200
NAME_RULE = RegexValidator(
    r"\A[\w.+-]+\Z",
    gettext_lazy("Name: use letters, digits and . + - _ only, without spaces."),
)


class AccountForm(forms.Form):
    """What the forms share: the rendering that links messages and fields."""

    use_required_attribute = False  # our messages are translated, the browser's speak its own language
    error_css_class = "has-error"

    def __init__(
        self, *args: Any, user: User | None = None, request: HttpRequest | None = None, **kwargs: Any
    ) -> None:
        kwargs.setdefault("auto_id", "account_%s")
        super().__init__(*args, **kwargs)
        self.user, self.request = user, request


class PasswordField(forms.CharField):
    """A password as it was typed, spaces and all; ``autocomplete`` tells password managers which one."""

    def __init__(self, *, label: Any, autocomplete: str, required: Any, **kwargs: Any) -> None:
        widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
        errors = {"required": required}
        super().__init__(
            label=label,
            strip=False,
            max_length=LONGEST_PASSWORD,
            widget=widget,
            error_messages=errors,
            **kwargs,
        )


def new_password_field() -> PasswordField:
    """A password to be chosen, with the rules."""
    return PasswordField(
        label=gettext_lazy("Password"),
        autocomplete="new-password",
        help_text=gettext_lazy("At least 8 characters; not only digits, and not one that everybody uses."),
        required=gettext_lazy("Password: nothing was typed. Choose one with at least 8 characters."),
    )


def email_field(*, required: bool, **kwargs: Any) -> forms.EmailField:
    """An e-mail address."""
    return forms.EmailField(
        required=required,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": gettext_lazy("E-mail address: nothing was typed."),
            "invalid": gettext_lazy(
                "E-mail address: this does not look like one. Type one such as ann@example.org."
            ),
        },
        **kwargs,
    )


def _check_password(password: str, user: User, form: forms.Form) -> None:
    try:
        password_validation.validate_password(password, user)
    except ValidationError as error:
        form.add_error("password", error)


class CurrentPasswordForm(AccountForm):
    """Asks for the password of the account, and counts like a sign-in: who stole a session shall not guess either."""

    current_password = PasswordField(
        label=gettext_lazy("Your current password"),
        autocomplete="current-password",
        required=gettext_lazy("Current password: nothing was typed. It proves that it is you."),
    )

    def clean_current_password(self) -> str:
        """The password, if it is the account's."""
        password = self.cleaned_data["current_password"]
        assert self.user is not None
        if authenticate(self.request, username=self.user.get_username(), password=password) != self.user:
            raise ValidationError(
                gettext_lazy("Current password: this is not it. Type it again; upper and lower case differ.")
            )
        return password


class SignUpForm(AccountForm):
    """Name and password; an address is optional."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=LONGEST_NAME,
        validators=[NAME_RULE],
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
        help_text=gettext_lazy("How you sign in; nobody else sees it."),
        error_messages={
            "required": gettext_lazy("Name: nothing was typed. Choose one, such as ann."),
            "max_length": gettext_lazy("Name: use at most %(limit_value)s characters."),
        },
    )
    email = email_field(
        required=False,
        label=gettext_lazy("E-mail address (optional)"),
        help_text=gettext_lazy("Only for a forgotten password. We send a link there to confirm it."),
    )
    password = new_password_field()

    def clean_name(self) -> str:
        """A name that nobody has, in whatever case."""
        name = User.normalize_username(self.cleaned_data["name"])
        if User.objects.filter(username__iexact=name).exists():
            self.refuse_taken_name()
        return name

    def refuse_taken_name(self) -> None:
        """Say beside the field that somebody has this name."""
        self.add_error("name", gettext_lazy("Name: this one is taken. Choose another, or sign in."))

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        if "password" in values:
            user = User(username=values.get("name") or "", email=values.get("email") or "")
            _check_password(values["password"], user, self)
        return values


class SignInForm(AccountForm):
    """Name or address, and password. Whether they fit is asked by the view."""

    name = forms.CharField(
        label=gettext_lazy("Name or e-mail address"),
        max_length=254,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
        error_messages={"required": gettext_lazy("Name: nothing was typed.")},
    )
    password = PasswordField(
        label=gettext_lazy("Password"),
        autocomplete="current-password",
        required=gettext_lazy("Password: nothing was typed."),
    )

    def refuse(self) -> None:
        """Say that the two do not belong together, without telling which is wrong."""
        self.add_error(
            "password",
            gettext_lazy("Name and password do not fit together. Check both; upper and lower case differ."),
        )


class PasswordForm(CurrentPasswordForm):
    """A new password for somebody signed in."""

    password = new_password_field()

    def clean(self) -> dict[str, Any]:
        if self.user is not None and "password" in self.cleaned_data:
            _check_password(self.cleaned_data["password"], self.user, self)
        return self.cleaned_data


class NewPasswordForm(AccountForm):
    """A new password for somebody who came by the link of a letter. Django's reset view calls :meth:`save`."""

    password = new_password_field()

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)

    def clean(self) -> dict[str, Any]:
        if self.user is not None and "password" in self.cleaned_data:
            _check_password(self.cleaned_data["password"], self.user, self)
        return self.cleaned_data

    def save(self) -> User:
        """Set the password."""
        assert self.user is not None
        self.user.set_password(self.cleaned_data["password"])
        self.user.save(update_fields=["password"])
        return self.user


class EmailForm(CurrentPasswordForm):
    """Another address for somebody signed in."""

    field_order = ("email", "current_password")
    email = email_field(required=True, label=gettext_lazy("New e-mail address"))


class DeletionForm(CurrentPasswordForm):
    """The password, before everything goes."""


class ProfileForm(NewcomerForm):
    """Age, gender and occupation of an account; each may be empty."""

    @classmethod
    def showing(cls, user: User) -> ProfileForm:
        """The form as the account stands."""
        return cls(initial={"age": user.age, "gender": user.gender, "occupation": user.occupation})

    def to_demographics(self) -> Demographics:
        """What a valid form tells."""
        return self.to_person().demographics
