"""The markup of a field that nobody has written in yet: the same each time, so it is made once.

It is kept under all that it is made of. Never kept is a field of a bound form, one that something stands in, one that
offers rows of the database, and one whose widget knows more than its attributes and its form's choices.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from incidents.forms.fields import DayInput, MomentInput, TimeOfDayInput

_TOLD_WHOLE = {
    *(forms.TextInput, forms.NumberInput, forms.EmailInput, forms.URLInput, forms.Textarea, forms.CheckboxInput),
    *(forms.Select, forms.RadioSelect, DayInput, MomentInput, TimeOfDayInput),
}
MOST_KEPT = 2000  # fields, in each language; then we begin anew
_known: dict[Hashable, SafeString] = {}


def once(make: Callable[..., SafeString], field: BoundField, *with_: Any) -> SafeString:
    """`make(field, *with_)`; of a field that is as it was, what it made before."""
    made_of = _made_of(field)
    if made_of is None:
        return make(field, *with_)
    key = (make, get_language(), *with_, *made_of)
    found = _known.get(key)
    if found is None:
        if len(_known) >= MOST_KEPT:
            _known.clear()
        found = _known[key] = make(field, *with_)
    return found


def _made_of(field: BoundField) -> tuple[Hashable, ...] | None:
    asked, form = field.field, field.form
    if form.is_bound or type(asked.widget) not in _TOLD_WHOLE:
        return None
    choices = _choices(asked)
    value = field.initial
    if choices is None or not (value is None or value is False or isinstance(value, str)):
        return None
    if value and not choices:
        return None
    widget = asked.widget
    drawn = (type(form), form.use_required_attribute, field.html_name, field.auto_id, type(widget), str(widget.attrs))
    said = (str(asked.label), isinstance(asked.label, SafeString), str(asked.help_text), str(value))
    return (drawn, said, asked.required, asked.disabled, getattr(asked, "is_needed_for_some", False), choices)


def _choices(asked: forms.Field) -> tuple[Hashable, ...] | None:
    """Those that the form itself offers; None where rows are offered, of which there are always others."""
    offered = getattr(asked.widget, "choices", None)
    if offered is None:
        return ()
    if type(asked) not in (forms.ChoiceField, forms.TypedChoiceField):
        return None
    return tuple((str(value), str(label)) for value, label in offered)
