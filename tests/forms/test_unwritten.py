"""A field that nobody wrote in yet is made once, and is what it would be if it were made anew."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from incidents.forms import unwritten
from incidents.forms.desk import RowField
from incidents.forms.people import SuggestInput
from incidents.templatetags.fields import _chips, chips, row, row_of

COLOURS = [("r", "Red"), ("g", gettext_lazy("Monday"))]


class Asked(forms.Form):
    line = forms.CharField(label="A & b", help_text="Like this.", max_length=5)
    words = forms.CharField(widget=forms.Textarea, required=False)
    number = forms.IntegerField(min_value=0, required=False)
    yes = forms.BooleanField(label="Yes", help_text="Or not.", required=False)
    one = forms.ChoiceField(choices=COLOURS, required=False, widget=forms.RadioSelect)
    few = forms.ChoiceField(choices=COLOURS, widget=forms.Select)

    def __init__(self, data: Any = None, *, label: Any = None, most: int = 5, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if label is not None:
            self.fields["line"].label = label
        self.fields["line"].widget.attrs["maxlength"] = most


class Other(Asked):
    error_css_class = required_css_class = "own"


FIELDS = ("line", "words", "number", "yes", "few")
VARIANTS: list[dict[str, Any]] = [
    {},
    {"initial": {"line": "typed", "one": "g", "few": "g", "number": 0, "yes": True}},
    {"initial": {"line": "other", "one": "r", "few": "r", "number": 3, "yes": False}},
    {"data": {"line": "far too long", "one": "x", "number": "-1"}},
    {"data": {}},
    {"label": "<b>"},
    {"label": SafeString("<b>")},
    {"most": 7},
    {"auto_id": "mine_%s"},
    {"auto_id": False},
    {"prefix": "two"},
    {"use_required_attribute": False},
]


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unwritten, "_known", {})


@pytest.mark.parametrize("form", [Asked, Other])
def test_each_is_what_it_would_be_anew(form: type[Asked]) -> None:
    """All of them one after the other, twice: none is taken for another."""
    for _turn in range(2):
        for variant in VARIANTS:
            for name in FIELDS:
                assert row(form(**variant)[name]) == row_of(form(**variant)[name]), (variant, name)
            for options in (("chip", "", "", False), ("tile", "Which?", "Hint", True)):
                assert chips(form(**variant)["one"], *options) == _chips(form(**variant)["one"], *options), variant


def test_one_that_is_as_it_was_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made = [row(Asked()[name]) for name in FIELDS] + [chips(Asked()["one"])]
    again = [row(Asked()[name]) for name in FIELDS] + [chips(Asked()["one"])]
    assert [one is other for one, other in zip(made, again, strict=True)] == [True] * 6
    monkeypatch.setattr(unwritten, "MOST_KEPT", 6)
    row(Other()["line"])
    assert len(unwritten._known) == 1, "it begins anew, and does not grow for ever"


def test_what_somebody_wrote_is_not_kept() -> None:
    variants: list[dict[str, Any]] = [{"data": {"line": "secret"}}, {"initial": {"line": "secret"}}]
    for variant in variants:
        assert "secret" in row(Asked(**variant)["line"])
    assert not any("secret" in html for html in unwritten._known.values())


class Choosing(forms.Form):
    colour = forms.ChoiceField(required=False)
    row = RowField(required=False)

    def __init__(self, names: list[str]) -> None:
        super().__init__()
        for field in self.fields.values():
            field.choices = [(name, name) for name in names]  # type: ignore[attr-defined]


def test_with_others_to_choose_from_it_is_another() -> None:
    for name in ("teal", "blue", "teal"):
        assert row(Choosing([name])["colour"]).count(name) == 2
        assert row(Choosing([name])["row"]).count(name) == 2
    assert len(unwritten._known) == 2, "rows of the database are others each day: they are not kept"


class Suggesting(forms.Form):
    """Widgets that know more than their attributes."""

    word = forms.CharField(required=False)
    picked = forms.CharField(required=False)

    def __init__(self, names: list[str]) -> None:
        super().__init__()
        self.fields["word"].widget = SuggestInput(lambda: names)
        self.fields["picked"].widget = forms.Select(choices=[(name, name) for name in names])


@pytest.mark.parametrize("field", ["word", "picked"])
def test_what_a_widget_offers_by_itself_is_not_kept(field: str) -> None:
    assert ["teal" in row(Suggesting([name])[field]) for name in ("teal", "blue")] == [True, False]
    assert not unwritten._known


def test_each_language_has_its_own(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.USE_I18N = True
    monkeypatch.setattr(translation, "_trans", type(vars(translation)["_trans"])())
    for language in ("en", "de", "en"):
        with translation.override(language):
            assert chips(Asked()["one"]) == _chips(Asked()["one"], "chip", "", "", False)
    assert len(unwritten._known) == 2
