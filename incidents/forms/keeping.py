"""A form that keeps what was typed when something hidden in it has to be new."""

from __future__ import annotations

from copy import copy
from typing import Any

from django import forms


class KeepingForm(forms.Form):
    """What is typed stays; what stands in a hidden field may be renewed, so that sending it again is a choice."""

    def renew(self, name: str, value: object) -> None:
        newer: Any = copy(self.data)
        newer[name] = str(value)
        self.data = newer
