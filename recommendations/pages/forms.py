"""The two ways in, and the length of a list. Each message names the input and the way out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations.pages.labels import data_family, gender_label, occupation_label
from recommendations.ranking.dataset import DataSet
from recommendations.ranking.demographics import MAX_AGE, MIN_AGE, Demographics
from recommendations.selectors.lists.champion import champion_data, served_data, served_example
from recommendations.selectors.lists.person import Person

SHOWN_CHARACTERS = 30
DEFAULT_LENGTH = 10


class _QuotesValue:
    """Lets every message quote what was typed as ``%(value)s``, cut to a length that fits into a sentence."""

    def clean(self, value: Any) -> Any:
        try:
            return super().clean(value)  # type: ignore[misc]
        except ValidationError as error:
            for single in error.error_list:
                typed = Truncator(str(value)).chars(SHOWN_CHARACTERS)
                single.params = {**(single.params or {}), "value": typed}
            raise


class WholeNumberField(_QuotesValue, forms.IntegerField):
    """A number typed as text: number inputs drop silently what they do not understand."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}))
        super().__init__(**kwargs)


class NamedChoiceField(_QuotesValue, forms.ChoiceField):
    """A choice whose refusal quotes the value that was sent."""


def choices(skip: Any, values: tuple[str, ...], label: Callable[[str], str]) -> list[tuple[str, Any]]:
    """Choices in the language of the request, sorted by label, with the empty one first."""
    labelled = ((value, capfirst(label(value))) for value in values)
    return [("", skip), *sorted(labelled, key=lambda pair: pair[1].casefold())]


class PersonForm(forms.Form):
    """What both forms share: the rendering that links messages and fields."""

    use_required_attribute = False  # our messages are translated, the browser's speak its own language
    error_css_class = "has-error"

    def to_person(self) -> Person:
        """The person of a valid form."""
        raise NotImplementedError


class KnownPersonForm(PersonForm):
    """A person of the data, by number. Whether the number exists is known only to the selector."""

    user = WholeNumberField(
        label=gettext_lazy("%(data)s user number"),
        help_text=gettext_lazy("A whole number from 1 upwards, for example %(example)s."),
        min_value=1,
        error_messages={
            "required": gettext_lazy(
                "%(data)s user number: nothing was typed. Type a number such as %(example)s, or start as a newcomer."
            ),
            "invalid": gettext_lazy(
                "%(data)s user number: “%(value)s” is not a whole number. Type one such as %(example)s."
            ),
            "min_value": gettext_lazy(
                "%(data)s user number: %(value)s is too small. The numbers start at 1; try %(example)s."
            ),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "known_%s", **kwargs})
        self._told = {"data": data_family(served_data()), "example": str(served_example())}
        user = self.fields["user"]
        user.label, user.help_text = self._about(user.label or ""), self._about(user.help_text)
        user.error_messages |= {
            code: self._about(str(user.error_messages[code])) for code in ("required", "invalid", "min_value")
        }

    def _about(self, sentence: Any) -> str:
        """The sentence about these data; ``%(value)s`` stays for what is typed."""
        text = str(sentence)
        for name, value in self._told.items():
            text = text.replace(f"%({name})s", value)
        return text

    def to_person(self) -> Person:
        return Person(movielens_user=self.cleaned_data["user"])

    def refuse_unknown_person(self) -> None:
        """Put the selector's "no such person" beside the field."""
        message = _(
            "%(data)s user number: nobody in the data has the number %(value)s."
            " Try another one, such as %(example)s, or start as a newcomer."
        )
        self.add_error(
            "user", ValidationError(self._about(message), "unknown", {"value": self.cleaned_data["user"]})
        )


class NewcomerForm(PersonForm):
    """Age, gender and occupation; leaving out any of them is fine."""

    age = WholeNumberField(
        label=gettext_lazy("Age"),
        help_text=gettext_lazy("In years; leave it empty to skip it."),
        required=False,
        min_value=MIN_AGE,
        max_value=MAX_AGE,
        error_messages={
            "invalid": gettext_lazy(
                "Age: “%(value)s” is not a whole number. Type your age in years, or leave it empty."
            ),
            "min_value": gettext_lazy(
                "Age: %(value)s is too low. Type a number from %(limit_value)s upwards, or leave it empty."
            ),
            "max_value": gettext_lazy(
                "Age: %(value)s is too high. Type a number up to %(limit_value)s, or leave it empty."
            ),
        },
    )
    gender = NamedChoiceField(
        label=gettext_lazy("Gender"),
        required=False,
        widget=forms.RadioSelect,
        error_messages={
            "invalid_choice": gettext_lazy(
                "Gender: “%(value)s” is not known to the data. Choose one of the list; you can also skip it."
            )
        },
    )
    occupation = NamedChoiceField(
        label=gettext_lazy("Occupation"),
        required=False,
        error_messages={
            "invalid_choice": gettext_lazy(
                "Occupation: “%(value)s” is not in the list. Choose one of the list, or skip it."
            )
        },
    )

    def __init__(self, *args: Any, data_set: DataSet | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "newcomer_%s", **kwargs})
        # What the data know nothing of is no question.
        data = data_set or champion_data()
        if not data.has_ages:
            del self.fields["age"]
        for name, words, label in (
            ("gender", data.genders, gender_label),
            ("occupation", data.occupations, occupation_label),
        ):
            if words:
                field = self.fields[name]
                assert isinstance(field, forms.ChoiceField)
                field.choices = choices(gettext_lazy("Skip"), words, label)
            else:
                del self.fields[name]

    def to_person(self) -> Person:
        values = self.cleaned_data
        return Person(
            demographics=Demographics(
                age=values.get("age"),
                gender=values.get("gender") or None,
                occupation=values.get("occupation") or None,
            )
        )


class ListLengthForm(forms.Form):
    """``k``: how many films."""

    k = WholeNumberField(
        required=False,
        min_value=1,
        max_value=settings.RECOMMENDATIONS_MAX_K,
        error_messages={
            "invalid": gettext_lazy("Number of films (k): “%(value)s” is not a whole number."),
            "min_value": gettext_lazy(
                "Number of films (k): %(value)s is too small; the smallest list has 1 film."
            ),
            "max_value": gettext_lazy(
                "Number of films (k): %(value)s is too large; the longest list has %(limit_value)s films."
            ),
        },
    )

    def length(self) -> int:
        """How many films a valid form asks for."""
        return self.cleaned_data["k"] or DEFAULT_LENGTH


def form_for(data: Any) -> PersonForm:
    """The form that ``data`` (a POST or a JSON object) fills in: by its ``way``, else by its fields."""
    way = data.get("way") or ("known" if data.get("user") not in (None, "") else "newcomer")
    return KnownPersonForm(data) if way == "known" else NewcomerForm(data)
