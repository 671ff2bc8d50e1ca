"""The saved views that notices tell of: their names, and for a daily list its lines."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from incidents.models.chosen import chosen_from
from incidents.models.incident import Incident
from incidents.models.matching import rows_of
from incidents.models.notice import Notice, NoticeKind
from incidents.models.staff import Staff
from incidents.models.view import SavedView

ABOUT_VIEWS = (NoticeKind.VIEW_PASSED, NoticeKind.VIEW_DIGEST)
MOST_LINES = 10
GONE = "gone"  # the occurrence of a notice that says that a view was deleted


def find_view_told(staff: Staff, pk: int) -> SavedView | None:
    """One query; None when it was deleted or is no longer shared with them."""
    return SavedView.objects.open_to(staff).filter(pk=pk).first()


def name_views(notices: Iterable[Notice], reader: Staff) -> None:
    """Has each notice about a view know its name, where `reader` may still open it. One query, or none."""
    told = [notice for notice in notices if notice.kind in ABOUT_VIEWS]
    if not told:
        return
    names = {
        view.pk: view.label for view in SavedView.objects.open_to(reader).filter(pk__in={n.subject_id for n in told})
    }
    for notice in told:
        notice.view_name = names.get(notice.subject_id, "")


def number_of(notice: Notice) -> str:
    """How many there were, or how many must not be: as its occurrence says."""
    return notice.occurrence.rpartition("/")[2]


def list_of(notice: Notice, reader: Staff) -> list[str]:
    """The lines of a daily list: what `reader` may see of the view, as it was when the list was due. Three queries."""
    view = find_view_told(reader, notice.subject_id) if notice.kind == NoticeKind.VIEW_DIGEST else None
    if view is None:
        return []
    rows = rows_of(reader, chosen_from(view.query, reader), notice.at)
    found = rows.select_related("customer", "category", "location")[:MOST_LINES]
    return [_line(incident) for incident in found]


def _line(incident: Incident) -> str:
    """Of a restricted one it names nobody, as in every mail."""
    who = _("a restricted incident") if incident.is_restricted else incident.who
    return f"{incident.reference} · {who} · {incident.category} · {incident.location}"
