"""What a notice says of a long list that was to be written into a file. Its occurrence is "calls/12345/disk_full/…"."""

from __future__ import annotations

import datetime as dt

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from incidents.models.job import DISK_FULL, FILES_GONE, NOT_ALLOWED
from incidents.models.notice import Notice, NoticeKind

_WHY = {
    DISK_FULL: gettext_lazy("there was no room for the file"),
    FILES_GONE: gettext_lazy("what had been written of it was gone"),
    NOT_ALLOWED: gettext_lazy("you may not see this list any more"),
}


def occurrence_of(listing: str, number: int, code: str = "", at: dt.datetime | None = None) -> str:
    """Codes and numbers; `at` for what may happen more than once, as failing may."""
    known = code if code in _WHY else "error"
    return f"{listing}/{number}" + (f"/{known}/{at:%Y%m%d%H%M%S}" if at else "")


def export_sentence(notice: Notice) -> str:
    listing, number, code, *_rest = [*notice.occurrence.split("/"), "", "", ""]
    words = {"what": _list_of(listing, int(number or 0))}
    if notice.kind == NoticeKind.EXPORT_READY:
        return _("Your list of %(what)s is ready") % words
    why = _WHY.get(code) or _("it stopped with an error again and again")
    return _("Your list of %(what)s was not written: %(why)s") % (words | {"why": str(why)})


def _list_of(listing: str, number: int) -> str:
    said = {
        "calls": ngettext("%(number)s call", "%(number)s calls", number),
        "customers": ngettext("%(number)s customer", "%(number)s customers", number),
    }
    words = said.get(listing) or ngettext("%(number)s recovery", "%(number)s recoveries", number)
    return words % {"number": intcomma(number)}
