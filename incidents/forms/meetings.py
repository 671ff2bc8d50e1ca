"""What is asked of a meeting: when, who leads it, how often; what to talk about; whom to thank."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from incidents.access import Role
from incidents.calendars import resolve_local
from incidents.forms.desk import WordsField
from incidents.forms.fields import DayInput, TimeOfDayInput
from incidents.forms.keeping import KeepingForm
from incidents.models import Consent, Incident, Location, Meeting, MeetingSeries, Staff
from incidents.models.agenda import ADDABLE
from incidents.models.base import LATEST, LINE, SHORT
from incidents.models.meeting import LENGTH
from incidents.models.values import parse_day

ONCE = 0
REPEATS = [(ONCE, _("Just once")), (1, _("Every week")), (2, _("Every two weeks")), (4, _("Every four weeks"))]
TOO_OLD = {"required": _("This page is too old to save. Reload it and try again.")}
TIME = re.compile("([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?")
MOST_MINUTES = 60 * 24 * 30


def key_field() -> forms.UUIDField:
    return forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, error_messages=TOO_OLD)


def version_field() -> forms.IntegerField:
    return forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)


def people_of(*places: Location) -> QuerySet[Staff]:
    """Who may lead a meeting there: whoever works there, and administrators."""
    active = Staff.objects.filter(is_active=True)
    here = active.filter(memberships__location__in=places) | active.filter(role=Role.ADMINISTRATOR)
    return here.distinct().order_by("sort_name", "pk")


class WhenForm(KeepingForm):
    """A day and a time of the place's clock, how long, and who leads it."""

    day = forms.CharField(label=_("Day"), max_length=10, widget=DayInput())
    time = forms.CharField(label=_("Time"), max_length=8, widget=TimeOfDayInput())
    minutes = forms.IntegerField(label=_("Minutes"), min_value=5, max_value=240, initial=LENGTH)
    facilitator = forms.ModelChoiceField(Staff.objects.none(), label=_("Who leads it"), empty_label=None)

    def clean_day(self) -> dt.date:
        day = parse_day(self.cleaned_data["day"])
        if day.year >= LATEST.year - 1:
            raise ValidationError(_("That day is too far away."))
        return day

    def clean_time(self) -> dt.time:
        typed = self.cleaned_data["time"]
        if not TIME.fullmatch(typed):
            raise ValidationError(_("Write a time, like 15:30."))
        return dt.time.fromisoformat(typed).replace(second=0)

    def offer(self, people: QuerySet[Staff]) -> None:
        field: Any = self.fields["facilitator"]
        field.queryset = people

    def starts_at(self, zone: dt.tzinfo) -> dt.datetime:
        return resolve_local(dt.datetime.combine(self.cleaned_data["day"], self.cleaned_data["time"]), zone)


class MeetingForm(WhenForm):
    """One meeting, or one every so many weeks."""

    location = forms.ModelChoiceField(Location.objects.none(), label=_("Where"), empty_label=None)
    repeats = forms.TypedChoiceField(
        label=_("How often"), choices=REPEATS, coerce=int, initial=ONCE, widget=forms.RadioSelect
    )
    submit_key = key_field()
    field_order = ("location", "day", "time", "minutes", "repeats", "facilitator")

    def __init__(self, data: Any = None, *, staff: Staff, now: dt.datetime, place: str = "") -> None:
        self.places = list(Location.objects.open_to(staff))
        chosen = next((each for each in self.places if str(each.pk) == place), self.places[0] if self.places else None)
        initial = {"location": chosen, "facilitator": staff, "time": "14:00"}
        if chosen:
            initial["day"] = (now.astimezone(chosen.zone).date() + dt.timedelta(days=1)).isoformat()
        super().__init__(data, initial=initial)
        field: Any = self.fields["location"]
        field.queryset = Location.objects.open_to(staff)
        if len(self.places) == 1:
            field.widget = field.hidden_widget()
        self.offer(people_of(*self.places))

    def clean(self) -> dict[str, Any]:
        place, leads = self.cleaned_data.get("location"), self.cleaned_data.get("facilitator")
        if place and leads and not people_of(place).filter(pk=leads.pk).exists():
            self.add_error("facilitator", _("%(who)s does not work there.") % {"who": leads})
        return self.cleaned_data

    @property
    def zone(self) -> dt.tzinfo:
        found: Location = self.cleaned_data["location"]
        return found.zone


class ChangeMeetingForm(WhenForm):
    """Another time, other people, who writes the minutes."""

    writer = forms.ModelChoiceField(
        Staff.objects.none(), label=_("Who writes"), required=False, empty_label=_("Whoever leads it")
    )
    people = forms.ModelMultipleChoiceField(
        Staff.objects.none(),
        label=_("Who is asked to come"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    version = version_field()

    def __init__(self, data: Any = None, *, meeting: Meeting) -> None:
        local = meeting.starts_at.astimezone(meeting.location.zone)
        initial = {
            "day": f"{local:%Y-%m-%d}",
            "time": f"{local:%H:%M}",
            "minutes": meeting.minutes,
            "facilitator": meeting.facilitator_id,
            "writer": meeting.writer_id,
            "people": list(meeting.people.values_list("staff", flat=True)),
            "version": meeting.version,
        }
        super().__init__(data, initial=initial)
        people = people_of(meeting.location) | Staff.objects.filter(pk=meeting.facilitator_id).distinct()
        self.offer(people)
        for name in ("writer", "people"):
            field: Any = self.fields[name]
            field.queryset = people


class SeriesForm(WhenForm):
    """From now on, all that nobody has touched."""

    every_weeks = forms.IntegerField(label=_("Every so many weeks"), min_value=1, max_value=12)
    version = version_field()
    field_order = ("day", "time", "every_weeks", "minutes", "facilitator")

    def __init__(self, data: Any = None, *, series: MeetingSeries, next_day: dt.date) -> None:
        initial = {
            "day": next_day.isoformat(),
            "time": f"{series.at:%H:%M}",
            "every_weeks": series.every_weeks,
            "minutes": series.minutes,
            "facilitator": series.facilitator_id,
            "version": series.version,
        }
        super().__init__(data, initial=initial)
        self.fields["day"].label = _("First day")
        self.offer(people_of(series.location) | Staff.objects.filter(pk=series.facilitator_id).distinct())


class TopicForm(forms.Form):
    topic = WordsField(label=_("Something else to talk about"), max_length=LINE)


class ThanksForm(KeepingForm):
    """Whom, for what, and how many minutes it was."""

    location = forms.ModelChoiceField(Location.objects.none(), label=_("Where"), empty_label=None)
    staff = forms.ModelChoiceField(
        Staff.objects.none(), label=_("Whom"), required=False, empty_label=_("Somebody who does not sign in")
    )
    name = WordsField(label=_("Their name, if they do not sign in"), required=False, max_length=SHORT)
    may_name = forms.BooleanField(label=_("They agreed to be named"), required=False)
    words = WordsField(
        label=_("What for"),
        max_length=LINE,
        help_text=_("As you would say it before all. Leave names of customers out."),
    )
    minutes = forms.IntegerField(label=_("Minutes they gave"), required=False, min_value=1, max_value=MOST_MINUTES)
    submit_key = key_field()

    def __init__(self, data: Any = None, *, staff: Staff, incident: Incident | None = None) -> None:
        places = list(Location.objects.open_to(staff))
        chosen = incident.location if incident else places[0] if places else None
        super().__init__(data, initial={"location": chosen})
        place: Any = self.fields["location"]
        place.queryset = (
            Location.objects.filter(pk=incident.location_id) if incident else Location.objects.open_to(staff)
        )
        if len(places) == 1 or incident:
            place.widget = place.hidden_widget()
        whom: Any = self.fields["staff"]
        whom.queryset = people_of(*([incident.location] if incident else places)).exclude(pk=staff.pk)

    def clean(self) -> dict[str, Any]:
        staff, name = self.cleaned_data.get("staff"), self.cleaned_data.get("name", "")
        if not self.errors and (staff is None) == (name == ""):
            self.add_error("name", _("Choose somebody, or write their name: one of the two."))
        return self.cleaned_data


class AnswerForm(forms.Form):
    """Whether we may name them."""

    consent = forms.ChoiceField(choices=[(c, c.label) for c in Consent if c != Consent.ASKED])


class AddForm(forms.Form):
    """What to put on an agenda: a mistake by its reference, or one of what every meeting may have."""

    incident = forms.RegexField(r"R-[0-9]{4}-[0-9]{5,9}", required=False)
    kind = forms.ChoiceField(choices=[(k, k.label) for k in ADDABLE], required=False)

    def clean(self) -> dict[str, Any]:
        if not self.errors and bool(self.cleaned_data.get("incident")) == bool(self.cleaned_data.get("kind")):
            raise ValidationError(_("Say what to talk about: one thing."))
        return self.cleaned_data
