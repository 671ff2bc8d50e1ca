"""Log a mistake: four things needed, all else can wait. Asks; never writes."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from incidents.forms.fields import AmountField, MomentInput, RowChoice
from incidents.forms.how_bad import HowBadFields
from incidents.forms.photos import PhotoFields
from incidents.forms.reach import ReachFields
from incidents.forms.values import PREFIX, ValueFields
from incidents.forms.when import TOLERANCE, WhenFields
from incidents.forms.who import ON_ORDER, WhoFields
from incidents.models import Category, Customer, Incident, Location, RemedyType, Staff, categories_here, types_here
from incidents.models.base import LINE, SHORT, STORY
from incidents.models.prepared import find
from incidents.models.usage import by_use
from incidents.models.values import fields_of, parse_moment
from incidents.vocabulary import Channel, Source

SOURCES = [choice for choice in Source.choices if choice[0] != Source.FORM]
TELLING = [choice for choice in Channel.choices if choice[0] != Channel.NOTE]
SPOT = ("remedy_type", "remedy_what", "amount", "minutes")
FACTS = (
    "location",
    "category",
    "customer",
    "new_customer",
    "customer_hint",
    "what_happened",
    "source",
    "is_first_order",
    "field_values",
    "private_values",
    "occurred_on",
    "occurred_at",
    "reported_at",
    "place",
    "remedy_sought",
    "reach_at",
    "reach_until",
    "draft_key",
    "submit_key",
)


def _places_of(staff: Staff, now: dt.datetime) -> QuerySet[Location]:
    """No part of it depends on the clock."""
    return Location.objects.open_to(staff).select_related("fallback_assignee")


def kind_field() -> RowChoice:
    """Category tiles."""
    words = _("Choose what kind of mistake it was.")
    return RowChoice(
        Category.objects.none(),
        label=_("What kind of mistake?"),
        widget=forms.RadioSelect,
        error_messages={"required": words, "invalid_choice": words},
    )


def story_field(label: Any, *, required: bool, rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=STORY,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": _("Say what happened, in a sentence.")},
    )


class LogForm(WhoFields, HowBadFields, ValueFields, WhenFields, ReachFields, PhotoFields):
    """`facts()` is what `log_incident` takes; `spot()` what handled-on-the-spot adds."""

    submit_key = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages={
            "required": _("This page was too old. Nothing is lost: send it again."),
            "invalid": _("This page was too old. Nothing is lost: send it again."),
        },
    )
    draft_key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    location = forms.TypedChoiceField(label=_("Where"), required=False)
    what_happened = story_field(_("What happened?"), required=True)
    category = kind_field()
    source = forms.ChoiceField(label=_("How do we know?"), choices=SOURCES, widget=forms.RadioSelect)
    reported_at = forms.CharField(label=_("When were we told?"), required=False, max_length=25, widget=MomentInput())
    place = forms.CharField(label=_("Where exactly?"), required=False, max_length=SHORT)
    remedy_sought = story_field(_("What would make it right for them?"), required=False, rows=2)
    told_by = forms.ChoiceField(label=_("How did they tell us?"), choices=TELLING, required=False)
    is_on_the_spot = forms.BooleanField(
        label=_("Handled on the spot: I said sorry and put it right"),
        required=False,
        widget=forms.CheckboxInput(attrs={"data-key": "s"}),
    )
    remedy_type = RowChoice(RemedyType.objects.none(), label=_("What did they get?"), required=False)
    remedy_what = forms.CharField(label=_("What was done?"), required=False, max_length=LINE)
    amount = AmountField(label=_("Amount"), required=False)
    minutes = forms.IntegerField(label=_("Minutes it took"), required=False, min_value=0, max_value=100_000)

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        staff: Staff,
        now: dt.datetime,
        initial: dict[str, Any] | None = None,
        customer: Customer | None = None,
        again: Incident | None = None,
    ):
        """`customer` and `again`: what the page has already read of whom it is about and what it repeats."""
        defaults = {
            "submit_key": uuid4(),
            "draft_key": uuid4(),
            "source": Source.CUSTOMER,
            "told_by": Channel.IN_PERSON,
            "remedy_type": "put_right",
        }
        super().__init__(data, files, initial=defaults | (initial or {}))
        self.now, self.owner = now, str(staff.pk)
        self._offer_places(staff)
        self._offer_catalogue()
        self._ask_of_category()
        self.weigh(customer=customer, again=again)

    def _offer_places(self, staff: Staff) -> None:
        self.places: list[Location] = find(_places_of, staff=staff, now=self.now)
        by_pk = {str(place.pk): place for place in self.places}
        field: Any = self.fields["location"]
        field.choices = [(pk, place.name) for pk, place in by_pk.items()]
        field.coerce = by_pk.__getitem__
        own = [str(pk) for pk in staff.location_ids if str(pk) in by_pk]
        if str(self.initial.get("location")) not in by_pk:
            self.initial["location"] = next(iter([*own, *by_pk]), "")

    def _offer_catalogue(self) -> None:
        """What the chosen place uses."""
        wanted = (str(self["location"].value()), self.initial["location"])
        by_pk = {str(place.pk): place for place in self.places}
        place = next((by_pk[pk] for pk in wanted if pk in by_pk), None)
        tiles: Any = self.fields["category"]
        remedies: Any = self.fields["remedy_type"]
        kinds = (lambda: [row for row in categories_here(place.pk) if row.is_offered]) if place else list
        tiles.offer(kinds, lambda rows: by_use(rows, place, self.now) if place else rows)
        remedies.offer(lambda: [row for row in types_here(place.pk) if row.is_offered] if place else [])

    def _ask_of_category(self) -> None:
        tiles: Any = self.fields["category"]
        self.kind = chosen = tiles.row(self["category"].value())
        if chosen is not None:
            self.ask(fields_of(chosen))
            for field in self.asked:
                if field.is_order:
                    self.fields[PREFIX + field.key].widget.attrs |= ON_ORDER

    def weigh(self, *, customer: Customer | None, again: Incident | None) -> None:
        """How bad it is, of what has been chosen so far."""
        if self.kind is not None:
            self.preset(self.kind, customer=customer, again=again, now=self.now)

    @property
    def order_named(self) -> str:
        """What is typed as the order, booking or invoice."""
        typed = (str(self[PREFIX + field.key].value() or "") for field in self.asked if field.is_order)
        return next((text[:LINE] for text in typed if text.strip()), "")

    def renew_key(self) -> None:
        """A new key for a page that came without one, so that sending it again works."""
        self.renew("submit_key", uuid4())

    @property
    def has_one_clock(self) -> bool:
        return len({place.time_zone for place in self.places}) < 2

    @property
    def has_more(self) -> bool:
        """Whether something under "Add more" is filled in, so that it shows."""
        names = ("occurred_day", "occurred_on", "occurred_time", "reported_at", "place", "remedy_sought")
        return any(self[name].value() or self[name].errors for name in (*names, *ReachFields.base_fields))

    def clean_location(self) -> Location | None:
        if chosen := self.cleaned_data["location"]:
            place: Location = chosen
            return place
        return next((p for p in self.places if str(p.pk) == str(self.initial["location"])), None)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        place = data.get("location")
        if place is None:
            if "location" not in self.errors:
                self.add_error(None, _("You do not belong to a place yet. Ask an administrator to add you to one."))
            return data
        data["new_customer"] = self.clean_who(data, place.country)
        data["occurred_on"], data["occurred_at"] = self.clean_when(self.now, place.zone)
        data["reported_at"] = self._reported(data, place.zone)
        data["reach_until"] = self.clean_reach(place.zone, now=self.now)
        data["field_values"], data["private_values"] = self.clean_answers(place.zone)
        if not data.get("is_on_the_spot"):
            for name in SPOT:
                self.errors.pop(name, None)
        elif "remedy_type" not in self.errors and not self._given(data):
            self.add_error("remedy_type", _("Say what they got."))
        return data

    def _reported(self, data: dict[str, Any], zone: dt.tzinfo) -> dt.datetime | None:
        if not data.get("reported_at"):
            return None
        try:
            moment = parse_moment(data["reported_at"], zone)
        except ValidationError as wrong:
            self.add_error("reported_at", wrong)
            return None
        if moment > self.now + TOLERANCE:
            self.add_error("reported_at", _("That is still to come."))
        happened = data.get("occurred_at")
        if happened is not None and moment < happened:
            self.add_error("reported_at", _("That is before it happened."))
        return moment

    def facts(self) -> dict[str, Any]:
        facts = {name: self.cleaned_data[name] for name in FACTS}
        told_by = self.cleaned_data["told_by"] or Channel.IN_PERSON
        return facts | {"told_by": told_by, "severity": self.chosen(self.cleaned_data)}

    def spot(self) -> dict[str, Any] | None:
        if not self.cleaned_data["is_on_the_spot"]:
            return None
        return {name: self.cleaned_data[name] for name in SPOT} | {"remedy_type": self._given(self.cleaned_data)}

    def _given(self, data: dict[str, Any]) -> RemedyType | None:
        """What was chosen; else *put right*, where the place has that."""
        kinds: Any = self.fields["remedy_type"]
        given: RemedyType | None = data.get("remedy_type") or kinds.row("put_right")
        return given
