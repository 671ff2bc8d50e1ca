"""Where and until when a customer can be reached: a room, the other hotel, before they leave."""

from __future__ import annotations

import datetime as dt

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from incidents.forms.fields import MomentInput
from incidents.models.base import LINE
from incidents.models.values import parse_moment


def local(moment: dt.datetime | None, zone: dt.tzinfo) -> str:
    """As a native input shows it."""
    return moment.astimezone(zone).strftime("%Y-%m-%dT%H:%M") if moment else ""


class ReachFields(forms.Form):
    """Both can wait; with an end, the call comes before it."""

    reach_at = forms.CharField(label=_("Where can we reach them?"), required=False, max_length=LINE)
    reach_until = forms.CharField(
        label=_("They can be reached until"), required=False, max_length=25, widget=MomentInput()
    )

    def clean_reach(
        self, zone: dt.tzinfo, *, saved: dt.datetime | None = None, now: dt.datetime | None = None
    ) -> dt.datetime | None:
        """Until when. A field left as it was keeps its instant; with `now`, it has to be still to come."""
        typed = self.cleaned_data.get("reach_until")
        if not typed:
            return None
        if saved is not None and typed == local(saved, zone):
            return saved
        try:
            moment = parse_moment(typed, zone)
        except ValidationError as wrong:
            self.add_error("reach_until", wrong)
            return None
        if now is not None and moment <= now:
            self.add_error("reach_until", _("That is over already. Leave it empty."))
        return moment
