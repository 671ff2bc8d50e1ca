"""How bad it is for them: preset by the kind and by what makes it weigh more, changed in one tap."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _

from incidents.models import Category, Customer, Incident
from incidents.vocabulary import Raised, Severity

# It happened again when they told us of the first so long ago at most.
AGAIN_WITHIN = dt.timedelta(days=90)
WHY: dict[Raised, LazyText] = {
    Raised.FIRST_ORDER: _("%(level)s, since it is their first order."),
    Raised.KEY_ACCOUNT: _("%(level)s, since they belong to a key account."),
    Raised.SECOND_FAILURE: _("%(level)s, since we made it worse."),
    Raised.REPEAT: _("%(level)s, since it happened again within 90 days."),
}


class HowBadFields(forms.Form):
    """Mixin. `severity_preset` is what the page had chosen by itself: a tap on another level is a choice."""

    severity = forms.TypedChoiceField(
        label=_("How bad is it for them?"),
        choices=Severity.choices,
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    severity_preset = forms.CharField(required=False, max_length=1, widget=forms.HiddenInput)
    is_first_order = forms.BooleanField(label=_("It is their first order with us"), required=False)

    raised: Raised | None = None

    def preset(self, kind: Category, *, customer: Customer | None, again: Incident | None, now: dt.datetime) -> None:
        """What stands there unless somebody has chosen: the kind's level there, one worse when a rule says so."""
        self.raised = self._rule(kind, customer, again, now) if kind.severity > Severity.MAJOR else None
        level = kind.severity - 1 if self.raised else kind.severity
        if self.is_bound:
            return
        stood, tapped = (str(self.initial.get(name) or "") for name in ("severity_preset", "severity"))
        if not tapped or tapped == stood:
            self.initial["severity"] = level
        self.initial["severity_preset"] = str(level)

    def _rule(
        self, kind: Category, customer: Customer | None, again: Incident | None, now: dt.datetime
    ) -> Raised | None:
        """The first that is met, in the order in which `actions.severity` asks."""
        account = customer.account if customer else None
        asked = {
            Raised.FIRST_ORDER: bool((self.data if self.is_bound else self.initial).get("is_first_order")),
            Raised.KEY_ACCOUNT: account is not None and account.is_key,
            Raised.SECOND_FAILURE: kind.is_second_failure,
            Raised.REPEAT: again is not None and now - again.reported_at <= AGAIN_WITHIN,
        }
        return next((rule for rule, is_met in asked.items() if is_met), None)

    @property
    def why(self) -> str:
        """ "Major, since it is their first order." """
        if self.raised is None or str(self["severity"].value()) != str(self["severity_preset"].value()):
            return ""
        return str(WHY[self.raised]) % {"level": Severity(int(self["severity_preset"].value())).label}

    def chosen(self, data: dict[str, Any]) -> int | None:
        """The level that somebody chose; None when it still stands as the page had it, and the rules decide."""
        level: int | None = data.get("severity")
        return None if level is None or str(level) == data.get("severity_preset") else level
