"""Which of the unanswered messages to end together."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

REFERENCE = re.compile(r"R-[0-9]{4}-[0-9]{5,9}", re.ASCII)
MOST = 50


class References(forms.Field):
    """Ticked references, each once. Whether they are there, and whose, is not asked here."""

    widget = forms.SelectMultiple

    def clean(self, value: Any) -> list[str]:
        picked = list(dict.fromkeys(value or ()))
        if not picked:
            raise ValidationError(_("Tick at least one."))
        if len(picked) > MOST or not all(REFERENCE.fullmatch(one) for one in picked):
            raise ValidationError(_("That is not on this list."))
        return picked


class UnansweredForm(forms.Form):
    pick = References(label=_("Which"))
