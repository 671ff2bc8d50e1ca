"""Adding a photo or a receipt."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from incidents import uploads
from incidents.models import AttachmentKind, Incident, Remedy
from incidents.vocabulary import RemedyState


class CheckedFileField(forms.FileField):
    """Cleans to an uploads.CheckedFile."""

    widget = forms.FileInput(attrs={"accept": uploads.ACCEPT})

    def to_python(self, data: Any) -> Any:
        if isinstance(data, UploadedFile) and data.size:
            try:
                return uploads.check(data)
            except uploads.BadFile as refused:
                raise ValidationError(str(refused.words)) from refused
        return super().to_python(data)


class FileForm(forms.Form):
    """`remedy` is what a receipt or evidence is for; a receipt may leave it out where only one waits for it."""

    file = CheckedFileField(
        label=_("File"),
        help_text=_("A photo or PDF of at most 10 MB: JPEG, PNG, WebP or PDF."),
        error_messages={"required": _("Choose a file first."), "empty": _("This file is empty.")},
    )
    kind = forms.ChoiceField(label=_("What it is"), choices=AttachmentKind.choices, initial=AttachmentKind.PHOTO)
    remedy = forms.ModelChoiceField(
        Remedy.objects.none(), label=_("It belongs to"), required=False, empty_label=_("Nothing in particular")
    )

    def __init__(self, *args: Any, incident: Incident, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = Remedy.objects.filter(incident=incident).select_related("type")
        self.fields["remedy"].queryset = found  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("kind") == AttachmentKind.PHOTO:
            cleaned["remedy"] = None
        elif (
            cleaned.get("kind") == AttachmentKind.RECEIPT
            and cleaned.get("remedy") is None
            and "remedy" not in self.errors
        ):
            cleaned["remedy"] = self._only_one_waiting()
        return cleaned

    def _only_one_waiting(self) -> Remedy | None:
        offered = self.fields["remedy"].queryset  # type: ignore[attr-defined]
        waiting = list(offered.filter(state=RemedyState.AWAITING_RECEIPT)[:2])
        if len(waiting) > 1:
            self.add_error("remedy", _("Say what this receipt is for."))
            return None
        return waiting[0] if waiting else None
