"""What is asked of a procedure: its words and steps; who keeps it, what it is for, how often it is looked at."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.forms.catalogue.base import NameField, key_field, version_field
from incidents.forms.desk import RowField, StoryField
from incidents.forms.keeping import KeepingForm
from incidents.models import Category, Location, PreventionAction, Procedure, Staff
from incidents.models.base import LINE, SHORT, STORY

MOST_WORDS = 4 * STORY
MOST_STEPS = 60 * (LINE + 1)


class CategoriesField(forms.ModelMultipleChoiceField[Category]):
    def __init__(self) -> None:
        super().__init__(
            Category.objects.filter(is_active=True).order_by("position", "pk"),
            label=_("What it keeps from happening"),
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text=_("It is shown beside every mistake of these kinds, and its steps can be ticked as missed."),
        )

    def label_from_instance(self, obj: Category) -> str:
        return obj.label


class AboutForm(KeepingForm):
    """Everything but the text."""

    title = NameField(label=_("Name"), max_length=SHORT, help_text=_("Like: Taking an order on the phone."))
    responsible = RowField(label=_("Who keeps it true"))
    review_every_days = forms.IntegerField(
        label=_("Look at it again after how many days?"),
        min_value=7,
        max_value=1100,
        initial=365,
        widget=forms.NumberInput(attrs={"class": "form-control field-short", "inputmode": "numeric"}),
        help_text=_("Whoever keeps it is reminded then, and says that it is still true or writes it anew."),
    )
    categories = CategoriesField()

    def __init__(self, data: Any = None, *, people: Iterable[Staff], changed: Procedure | None = None) -> None:
        initial: dict[str, Any] = {}
        if changed:
            initial = {name: getattr(changed, name) for name in ("title", "review_every_days", "version")}
            initial |= {"responsible": changed.responsible_id, "categories": changed.categories.all()}
        super().__init__(data, initial=initial)
        self.fields["responsible"].offer(people)  # type: ignore[attr-defined]
        if changed:
            self.fields["version"] = version_field()


class TextForm(KeepingForm):
    """The words of a version."""

    words = StoryField(
        label=_("How we do it"),
        required=False,
        max_length=MOST_WORDS,
        rows=10,
        help_text=_("As you would tell a new colleague."),
    )
    steps = StoryField(
        label=_("Steps, one on each line"),
        required=False,
        max_length=MOST_STEPS,
        rows=6,
        help_text=_("What may be left out in a hurry. After a mistake you tick here what was missed."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors and not data.get("words") and not data.get("steps"):
            self.add_error("words", _("Write what is done, or its steps."))
        return data


class WriteForm(TextForm):
    """The next version. `version` tells whether somebody wrote one meanwhile."""

    why = NameField(
        label=_("What has changed, and why?"),
        required=False,
        max_length=LINE,
        help_text=_("One line, for those who know the old one."),
    )
    version = version_field()


class NewForm(AboutForm, TextForm):
    """With its first version. Administrators may write for all places."""

    place = forms.ChoiceField(label=_("Where it holds"))
    field_order = ("title", "place", "words", "steps", "categories", "responsible", "review_every_days")

    def __init__(
        self,
        data: Any = None,
        *,
        places: Iterable[Location],
        staff: Staff,
        people: Iterable[Staff],
        action: PreventionAction | None = None,
    ) -> None:
        super().__init__(data, people=people)
        self.places = {str(place.pk): place for place in places}
        everywhere = [("all", _("All places"))] if staff.sees_all else []
        self.fields["place"].choices = [*everywhere, *((pk, row.name) for pk, row in self.places.items())]  # type: ignore[attr-defined]
        self.fields["submit_key"] = key_field()
        self.initial["responsible"] = staff.pk
        if action:
            self.initial["words"] = action.new_text or action.what
            self.initial["categories"] = [action.category_id]
            self.initial["place"] = str(action.location_id)

    def clean_place(self) -> Location | None:
        return self.places.get(self.cleaned_data["place"])
