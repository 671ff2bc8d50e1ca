"""Photos taken while a mistake is logged: several, each checked; those that were good survive another's error."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from incidents import uploads

MOST = 10
PICTURES = ",".join(kind.content_type for kind in uploads.KINDS if kind.decoder)
ONLY_PICTURES = _("Only JPEG, PNG and WebP pictures can be added here.")


class PhotosInput(forms.FileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Cleans to the files as they came; `PhotoFields` looks at each of them."""

    def __init__(self, **kwargs: Any) -> None:
        camera = {"accept": PICTURES, "capture": "environment", "multiple": True}
        shown = {"data-photos": MOST, "class": "visually-hidden"}
        super().__init__(widget=PhotosInput(attrs=camera | shown), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        sent = data if isinstance(data, (list, tuple)) else [data]
        return [file for file in sent if isinstance(file, UploadedFile)]


class PhotoFields(forms.Form):
    """Mixin. `photos`: those that are good, new ones and those set aside before; `set_aside` says what of the latter.

    `owner` names who may take up again what was set aside.
    """

    photos = PhotosField(label=_("Photos"), required=False)

    owner: str = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.checked: list[uploads.CheckedFile] = []
        self.aside: list[tuple[str, uploads.CheckedFile]] = []

    def clean_photos(self) -> list[uploads.CheckedFile]:
        sent: list[UploadedFile] = self.cleaned_data["photos"]
        self._take_up()
        for file in sent:
            try:
                self.checked.append(_picture(file))
            except uploads.BadFile as refused:
                words = _("%(name)s: %(why)s") % {"name": uploads.label(file.name or ""), "why": refused.words}
                self.add_error("photos", words)
        given = [file for _token, file in self.aside] + self.checked
        if len(given) > MOST:
            raise ValidationError(
                _("Add at most %(most)s photos here; more on the page of what you logged."), params={"most": MOST}
            )
        return given

    def _take_up(self) -> None:
        for token in self.data.getlist("photo_kept")[:MOST] if hasattr(self.data, "getlist") else ():
            if file := uploads.take_up(token, self.owner):
                self.aside.append((token, file))
            else:
                self.add_error("photos", _("A photo was not kept that long. Choose it again."))

    def set_photos_aside(self) -> list[tuple[str, str]]:
        """(token, name) of each good photo, for the page that comes back; what the disk refuses is asked for again."""
        if len(self.aside) + len(self.checked) > MOST:
            self.checked = []
        kept = [(token, file.label) for token, file in self.aside]
        for file in self.checked:
            try:
                kept.append((uploads.set_aside(file, self.owner), file.label))
            except uploads.NotStored as failed:
                self.add_error("photos", str(failed.words))
        return kept


def _picture(file: UploadedFile) -> uploads.CheckedFile:
    if not file.size:
        raise uploads.BadFile(_("This file is empty."))
    checked = uploads.check(file)
    if checked.content_type == uploads.PDF:
        raise uploads.BadFile(ONLY_PICTURES)
    return checked
