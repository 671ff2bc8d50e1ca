"""Inputs written by Python read like those of Django's own templates."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from incidents.forms.render import Renderer

NASTY = "<b>&\"'</b>"
PEOPLE = [("", gettext_lazy("Choose")), ("1", NASTY), (2, "Two"), ("Group & more", [("3", "Three"), ("4", "Four")])]


@pytest.mark.parametrize("value", [None, "", NASTY, "2", 7, SafeString("<i>")])
@pytest.mark.parametrize(
    "widget",
    [
        forms.TextInput({"maxlength": 1000, "required": True, "disabled": False, "title": NASTY}),
        forms.HiddenInput(),
        forms.NumberInput({"min": 0, "max": 100_000}),
        forms.Textarea({"rows": 3}),
        forms.CheckboxInput(),
        forms.Select({"class": "wide"}, choices=PEOPLE),
        forms.PasswordInput(),
        forms.DateInput(),
    ],
)
def test_an_input_is_what_django_writes(widget: forms.Widget, value: Any) -> None:
    ours, theirs = (
        widget.render("name", value, {"id": NASTY}, renderer=renderer) for renderer in (Renderer(), DjangoTemplates())
    )
    assert "".join(ours.split()) == "".join(theirs.split())


class Asked(forms.Form):
    line = forms.CharField(label="A & b", help_text="Like this.", max_length=5)
    words = forms.CharField(widget=forms.Textarea, required=False)
    one = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], required=False)
    yes = forms.BooleanField(label="Yes", help_text="Or not.")
    day = forms.DateField(label="")


@pytest.mark.parametrize("data", [None, {"line": "too long", "one": "z", "day": "x"}])
@pytest.mark.parametrize("is_inline", [True, False])
def test_a_field_is_what_its_long_template_writes(data: dict[str, str] | None, is_inline: bool) -> None:
    about = {"form_show_errors": True, "form_show_labels": True, "error_text_inline": is_inline}
    for name in Asked.base_fields:
        short, long = (
            render_to_string(f"bootstrap5/{template}.html", about | {"field": Asked(data)[name]})
            for template in ("field", "field_special")
        )
        assert "".join(short.split()) == "".join(long.split())
