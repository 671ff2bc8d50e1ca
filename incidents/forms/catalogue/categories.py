"""A kind of mistake, what it asks, and how a place differs about it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.catalogue import ICONS
from incidents.forms.catalogue.base import (
    SAME,
    CatalogueForm,
    Difference,
    NameField,
    OwnAnswer,
    as_answer,
    key_field,
    version_field,
    yes_or_no,
)
from incidents.models import Category, CategoryField, CategoryHere, FieldKind
from incidents.models.base import SHORT
from incidents.vocabulary import Severity

OFFERED = (_("Offered"), _("Not offered"))


class Pictured(str):
    """A choice's value with the icon that its tile shows."""

    instance: SimpleNamespace

    @classmethod
    def of(cls, name: str) -> Pictured:
        made = cls(name)
        made.instance = SimpleNamespace(icon=name)
        return made


class CategoryForm(CatalogueForm):
    name = NameField(label=_("Name"), max_length=SHORT)
    severity = forms.TypedChoiceField(
        label=_("How bad is it usually?"),
        choices=Severity.choices,
        coerce=int,
        initial=Severity.MODERATE,
        widget=forms.RadioSelect,
        help_text=_("Whoever logs one can say otherwise."),
    )
    icon = forms.ChoiceField(
        label=_("Sign"),
        choices=[(Pictured.of(name), _(words)) for name, words in ICONS],
        initial="question-circle",
        widget=forms.RadioSelect,
    )
    is_restricted = forms.BooleanField(
        label=_("Only managers see the whole"),
        required=False,
        help_text=_(
            "For injuries, conduct and privacy. Counts for what is logged from now on; whoever logs it keeps their "
            "own entry."
        ),
    )
    is_second_failure = forms.BooleanField(
        label=_("We made it worse"),
        required=False,
        help_text=_("How we handled the customer was the mistake, on top of what they came with."),
    )
    names = ("name", "severity", "icon", "is_restricted", "is_second_failure")

    def __init__(self, data: Any = None, *, changed: Category | None = None) -> None:
        initial = {"name": changed.label, "version": changed.version} if changed else {}
        if changed:
            initial |= {name: getattr(changed, name) for name in self.names if name != "name"}
        super().__init__(data, initial=initial)
        if changed is None:
            self.fields["submit_key"] = key_field()
        else:
            self.fields["version"] = version_field()
            self._keep(changed.icon)

    def _keep(self, icon: str) -> None:
        """One that was chosen elsewhere stays a choice."""
        field: Any = self.fields["icon"]
        if icon not in dict(field.choices):
            field.choices = [(Pictured.of(icon), icon), *field.choices]

    def both_versions(self, now: Category) -> list[Difference]:
        return self.both({name: now.label if name == "name" else getattr(now, name) for name in self.names})


class CategoryHereForm(CatalogueForm):
    is_offered = OwnAnswer(label=_("At this place"))
    severity = OwnAnswer(label=_("How bad is it usually, here?"))
    version = version_field()

    def __init__(self, data: Any = None, *, category: Category, own: CategoryHere | None) -> None:
        initial = {
            "is_offered": as_answer(own.is_offered if own else None),
            "severity": str(own.severity) if own and own.severity else SAME,
            "version": own.version if own else 0,
        }
        super().__init__(data, initial=initial)
        severity: Any = self.fields["severity"]
        levels = [(str(level.value), level.label) for level in Severity]
        severity.offer(category.get_severity_display(), levels, {str(level.value): level.value for level in Severity})
        yes_or_no(self.fields["is_offered"], same=category.is_active, words=OFFERED)

    def both_versions(self, now: CategoryHere) -> list[Difference]:
        saved = {"is_offered": as_answer(now.is_offered), "severity": str(now.severity or SAME)}
        typed = {"is_offered": as_answer(self.cleaned_data["is_offered"])}
        typed["severity"] = str(self.cleaned_data["severity"] or SAME)
        rows = [
            (str(self.fields[name].label), self.shown(name, saved[name]), self.shown(name, typed[name]))
            for name in saved
        ]
        return [row for row in rows if row[1] != row[2]]


class OperandField(forms.ModelChoiceField[CategoryField]):
    def label_from_instance(self, obj: CategoryField) -> str:
        return obj.label


class QuestionForm(CatalogueForm):
    """What a category asks. Only a difference names two others."""

    name = NameField(label=_("Question"), max_length=SHORT, help_text=_("Like: Order number. Nobody has to answer it."))
    kind = forms.ChoiceField(
        label=_("What kind of answer?"), choices=FieldKind.choices, initial=FieldKind.TEXT, widget=forms.RadioSelect
    )
    is_private = forms.BooleanField(
        label=_("Only managers read the answer"),
        required=False,
        help_text=_("Whoever logs it may still write it down."),
    )
    minuend = OperandField(CategoryField.objects.none(), label=_("A difference: this"), required=False)
    subtrahend = OperandField(CategoryField.objects.none(), label=_("less this"), required=False)
    names = ("name", "kind", "is_private", "minuend", "subtrahend")

    def __init__(self, data: Any = None, *, category: Category, changed: CategoryField | None = None) -> None:
        initial = {name: getattr(changed, name) for name in self.names[1:]} if changed else {}
        if changed:
            initial["name"] = changed.label
        super().__init__(data, initial=initial)
        if changed is None:
            self.fields["submit_key"] = key_field()
        compared = (FieldKind.MONEY, FieldKind.DATE, FieldKind.MOMENT)
        operands = category.fields.filter(is_active=True, kind__in=compared, is_private=False)
        if changed is not None:
            operands = operands.exclude(pk=changed.pk)
        for side in ("minuend", "subtrahend"):
            self.fields[side].queryset = operands.order_by("position", "id")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        sides = [data.get("minuend"), data.get("subtrahend")]
        if data.get("kind") == FieldKind.DIFFERENCE:
            if None in sides or sides[0] == sides[1]:
                self.add_error("minuend", _("Say from which two others it is worked out."))
        else:
            data["minuend"] = data["subtrahend"] = None
        return data

    def both_versions(self, now: CategoryField) -> list[Difference]:
        return self.both({name: now.label if name == "name" else getattr(now, name) for name in self.names})
