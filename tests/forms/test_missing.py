"""What is missing is said in the app's own words, in every form."""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Iterator
from importlib import import_module

import pytest
from django import forms

import incidents.forms


def _fields() -> Iterator[tuple[str, forms.Field]]:
    for found in pkgutil.walk_packages(incidents.forms.__path__, "incidents.forms."):
        for name, form in inspect.getmembers(import_module(found.name), inspect.isclass):
            if issubclass(form, forms.BaseForm):
                fields = getattr(form, "base_fields", {}).items()
                yield from ((f"{name}.{field_name}", field) for field_name, field in fields)


def test_no_form_says_that_a_field_is_required() -> None:
    said = {name: str(field.error_messages["required"]) for name, field in _fields()}
    assert len(said) > 200
    assert not [name for name, words in said.items() if "required" in words]


@pytest.mark.parametrize(
    ("field", "words"),
    [
        (forms.CharField(), "Fill this in."),
        (forms.ChoiceField(), "Choose one."),
        (forms.MultipleChoiceField(), "Choose at least one."),
    ],
)
def test_what_is_missing_is_named_by_its_kind(field: forms.Field, words: str) -> None:
    assert field.error_messages["required"] == words
