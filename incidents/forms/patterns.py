"""What is asked of a pattern: what it is about, what was found out, why it happened, who else was hit."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from incidents.forms.desk import CreatingForm, DeskForm, RowField, StoryField, WordsField
from incidents.forms.keeping import KeepingForm
from incidents.forms.who import kept, known_customers
from incidents.models import Category, Customer, Location, PatternKind, RootCause, Staff
from incidents.models.base import LINE, SHORT, STORY, sort_key
from incidents.models.values import UNPRINTABLE

WINDOWS = (28, 7, 90)
NAMED = 3  # customers at a time; there can be a next time
MOST_GUESTS = 10
_ROWS: dict[str, Any] = {
    PatternKind.CATEGORY: Category,
    PatternKind.CAUSE: RootCause,
    PatternKind.CUSTOMER: Customer,
}


class LookForm(forms.Form):
    """What to look into, as the address and the button say it: nobody types it."""

    kind = forms.ChoiceField(choices=[(k, k.label) for k in PatternKind if k != PatternKind.EVENT])
    value = forms.CharField(max_length=SHORT)
    place = forms.ModelChoiceField(Location.objects.none(), required=False)
    days = forms.TypedChoiceField(choices=[(n, n) for n in WINDOWS], coerce=int, required=False)

    def __init__(self, data: Any, *, staff: Staff) -> None:
        super().__init__(data)
        self.staff = staff
        self.fields["place"].queryset = Location.objects.open_to(staff)  # type: ignore[attr-defined]

    @property
    def places(self) -> Any:
        return self.fields["place"].queryset  # type: ignore[attr-defined]

    @property
    def sent(self) -> dict[str, str]:
        """As it goes on, in an address or a form."""
        place = self.cleaned_data.get("place")
        said = {name: str(self.data.get(name, ""))[:SHORT] for name in ("kind", "value")}
        return said | {
            "place": str(place.pk) if place else "",
            "days": str(self.cleaned_data.get("days") or WINDOWS[0]),
        }

    def clean_days(self) -> int:
        return self.cleaned_data["days"] or WINDOWS[0]

    def clean_value(self) -> int | str:
        """The key of a row that is there, or words as they are compared."""
        value: str = self.cleaned_data["value"]
        rows = _ROWS.get(self.cleaned_data.get("kind", ""))
        if UNPRINTABLE.search(value):
            raise forms.ValidationError(_("That contains characters nobody can read."))
        if rows is None:
            return value
        is_number = value.isascii() and value.isdecimal() and len(value) < 19
        if not is_number or not rows.objects.filter(pk=int(value)).exists():
            raise forms.ValidationError(_("There is nothing like that."))
        return int(value)

    def clean(self) -> dict[str, Any]:
        place = self.cleaned_data.get("place")
        places = self.staff.location_ids
        if place is None and not self.staff.sees_all and "place" not in self.errors:
            if len(places) != 1:
                self.add_error("place", _("Choose a place: each looks into its own."))
            else:
                self.cleaned_data["place"] = self.places.first()
        return self.cleaned_data


class BeginForm(forms.Form):
    """Beside the LookForm: what is known already. The key makes a second submit harmless."""

    note = StoryField(label=_("What do you know already?"), required=False, max_length=STORY, rows=2)
    submit_key = forms.UUIDField(
        widget=forms.HiddenInput,
        initial=uuid4,
        error_messages={"required": _("This page is too old to save. Reload it and try again.")},
    )


class NoteForm(KeepingForm):
    """What was found out so far; `version` tells whether somebody else wrote meanwhile."""

    note = StoryField(label=_("What we found out"), required=False, max_length=STORY, rows=4)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)


class CauseForm(DeskForm):
    root_cause = RowField(label=_("What let it happen?"), required=False)

    def prepare(self) -> None:
        current = self.desk.incident.root_cause_id
        rows = list(RootCause.objects.filter(Q(is_active=True) | Q(pk=current)))
        self.fields["root_cause"].offer(rows, _("Nobody has said yet"))  # type: ignore[attr-defined]
        self.initial.setdefault("root_cause", current or "")


class OthersForm(CreatingForm):
    """Customers by name, and guests nobody can name; what is said of all of them."""

    name_1 = forms.CharField(label=_("Customer"), required=False, max_length=SHORT)
    name_2 = forms.CharField(label=_("Another customer"), required=False, max_length=SHORT)
    name_3 = forms.CharField(label=_("And another"), required=False, max_length=SHORT)
    customer_1 = forms.ModelChoiceField(known_customers(), required=False, widget=forms.HiddenInput)
    customer_2 = forms.ModelChoiceField(known_customers(), required=False, widget=forms.HiddenInput)
    customer_3 = forms.ModelChoiceField(known_customers(), required=False, widget=forms.HiddenInput)
    guests = WordsField(
        label=_("Guests whose name nobody knows"),
        help_text=_("One per line, in words you will know them by: “couple in 218”."),
        required=False,
        max_length=STORY,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    what_happened = StoryField(label=_("What happened to them"), max_length=STORY, rows=2)

    def prepare(self) -> None:
        incident = self.desk.incident
        if not incident.is_restricted:  # its words stay with those who may read them
            self.initial.setdefault("what_happened", incident.what_happened)

    @property
    def rows(self) -> list[tuple[Any, Any]]:
        return [(self[f"name_{n}"], self[f"customer_{n}"]) for n in range(1, NAMED + 1)]

    def clean_guests(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["guests"].splitlines() if line.strip()]
        if len(lines) > MOST_GUESTS:
            raise forms.ValidationError(_("Ten at a time: write down the others afterwards."))
        if any(len(line) > LINE for line in lines):
            raise forms.ValidationError(_("Keep each line under %(most)s characters.") % {"most": LINE})
        return list(dict.fromkeys(lines))

    def clean(self) -> dict[str, Any]:
        found = [who for n in range(1, NAMED + 1) if (who := self._customer(n))]
        self.cleaned_data["customers"] = list({customer.pk: customer for customer in found}.values())
        if not found and not self.cleaned_data.get("guests") and not self.errors:
            self.add_error("name_1", _("Say who else it was, or describe them below."))
        return self.cleaned_data

    def _customer(self, n: int) -> Customer | None:
        """Whom they chose; without a script, the one who is called so."""
        chosen = kept(self.cleaned_data.get(f"customer_{n}"))
        name = self.cleaned_data.get(f"name_{n}", "")
        if chosen or not name:
            return chosen
        called = list(known_customers().filter(sort_name=sort_key(name), merged_into=None)[:2])
        if len(called) == 1:
            return called[0]
        several = _("Several customers are called so: choose one of those proposed.")
        self.add_error(
            f"name_{n}",
            several if called else _("We know nobody of that name. Name them below, or log it for them instead."),
        )
        return None

    def facts(self) -> dict[str, Any]:
        names = ("customers", "what_happened", "submit_key")
        return {name: self.cleaned_data[name] for name in names} | {"hints": self.cleaned_data["guests"]}
