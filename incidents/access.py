"""Roles, who may see what, who may do what.

`visible_to()` is the only way to incidents; everything else here answers yes or no about
one person and one thing. Imports no model: it works on the querysets it is handed.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import BooleanField, Func, QuerySet, TextChoices
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models.sql.compiler import SQLCompiler

    from incidents.models import Incident, Meeting, Procedure, SavedView, Staff


class StaffRequest(HttpRequest):
    """A request of somebody who signed in."""

    user: Staff


Many = TypeVar("Many", bound="QuerySet[Any]")
View = Callable[..., HttpResponseBase]


class Role(TextChoices):
    FRONT_DESK = "front_desk", _("Front desk")
    MANAGER = "manager", _("Manager")
    ADMINISTRATOR = "administrator", _("Administrator")


def visible_to(rows: Many, staff: Staff, *, through: str = "") -> Many:
    """Only the incidents `staff` may see; of rows with an incident (`through` that column), those of such incidents.

    Administrators see all places, the others their own. A restricted incident is for the
    managers of its place and for administrators; whoever logged it, has it or has a step of
    it sees it too; a person named as concerned never does, and when a manager is concerned
    only administrators do.
    """
    if through:
        return rows.filter(SeenThrough(staff, through)) if staff.sees_all or staff.location_ids else rows.none()
    if staff.sees_all:
        return rows.filter(SeenBy(staff))
    return rows.filter(SeenBy(staff), location__in=staff.location_ids)


class SeenBy(Func):
    """Whether `staff` may see an incident of their places, in one piece.

    Written as SQL because every page asks it several times: the same from `Q` and `Exists`
    takes Django longer to put into words than PostgreSQL to answer. `%s IN (… {pk})` is
    looked up for the few restricted rows; an EXISTS may be answered for all rows beforehand.
    """

    output_field = BooleanField()
    columns: tuple[str, ...] = ("pk", "is_restricted", "logged_by", "assignee")
    named = "%s IN (SELECT c.staff_id FROM incidents_concern c WHERE c.incident_id = {pk})"
    own = (
        "%s IN ({logged_by}, {assignee})",
        "%s IN (SELECT s.assignee_id FROM incidents_followup s WHERE s.incident_id = {pk})",
        "%s IN (SELECT s.assignee_id FROM incidents_remedy s WHERE s.incident_id = {pk})",
        "%s IN (SELECT s.assignee_id FROM incidents_promisemade s WHERE s.incident_id = {pk})",
    )
    only_desks_named = (
        "'front_desk' = ALL (SELECT (SELECT p.role FROM incidents_staff p WHERE p.id = c.staff_id)"
        " FROM incidents_concern c WHERE c.incident_id = {pk})"
    )

    def __init__(self, staff: Staff, *columns: str) -> None:
        super().__init__(*(columns or self.columns))
        ways = ["TRUE"] if staff.sees_all else list(self.own)
        if staff.role == Role.MANAGER:
            ways.insert(1, self.only_desks_named)  # before what is looked up in larger tables
        self.words = f"(NOT {{is_restricted}} OR (NOT {self.named} AND ({' OR '.join(ways)})))"
        self.params = (staff.pk,) * self.words.count("%s")

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any) -> Any:  # type: ignore[override]
        columns = [compiler.compile(column)[0] for column in self.get_source_expressions()]
        return self.words.format(**dict(zip(self.columns, columns, strict=True))), self.params


class HasPart(SeenBy):
    """Whether `staff` logged it, has it, or has a step of it: the ways by which a desk sees a restricted one."""

    def __init__(self, staff: Staff) -> None:
        super().__init__(staff)
        self.words = f"({' OR '.join(self.own)})"
        self.params = (staff.pk,) * self.words.count("%s")


class SeenThrough(SeenBy):
    """The same of the incident of a row, and whether it is of their places: looked up for each row that is read.

    What is listed in an order of its own (calls by the time they are due, notices by age) is read until a page is
    full; a join or an `IN` may be answered for all incidents beforehand.
    """

    columns = ("through",)
    looked_up = "COALESCE((SELECT {seen} FROM incidents_incident i WHERE i.id = {{through}}), FALSE)"

    def __init__(self, staff: Staff, through: str) -> None:
        super().__init__(staff, through)
        seen = self.words.format(
            pk="i.id", is_restricted="i.is_restricted", logged_by="i.logged_by_id", assignee="i.assignee_id"
        )
        if not staff.sees_all:
            places = staff.location_ids
            seen = f"i.location_id IN ({', '.join(['%s'] * len(places))}) AND {seen}"
            self.params = (*places, *self.params)
        self.words = self.looked_up.format(seen=seen)


def can_read_whole(staff: Staff, incident: Incident) -> bool:
    """Whether the story, money and notes show, or (restricted) only one's own part."""
    return not incident.is_restricted or staff.is_manager or incident.assignee_id == staff.pk


def is_reading_noted(staff: Staff) -> bool:
    """Whether it is written down when they open a restricted incident that they have no part in."""
    return staff.role == Role.ADMINISTRATOR


def can_read_private_words(staff: Staff) -> bool:
    """Fields marked private, such as the words used to a customer."""
    return staff.is_manager


def can_void(staff: Staff, incident: Incident) -> bool:
    return staff.is_manager


def can_give_up(staff: Staff, incident: Incident) -> bool:
    """End it though the customer was not made happy: content to leave it, unreachable, not resolved."""
    return staff.is_manager


def can_withdraw(staff: Staff, incident: Incident) -> bool:
    return staff.is_manager or incident.assignee_id == staff.pk


def can_administer(staff: Staff) -> bool:
    return staff.role == Role.ADMINISTRATOR


def can_export_customers(staff: Staff) -> bool:
    """Take names, numbers and addresses of all customers out as one file."""
    return staff.is_manager


def can_set_up(staff: Staff, location_id: int) -> bool:
    """Whether they decide how that place differs."""
    return staff.sees_all or (staff.is_manager and location_id in staff.location_ids)


def can_run_meeting(staff: Staff, meeting: Meeting) -> bool:
    """Begin it, put its agenda in order, end it: managers of the place, whoever leads it, whoever writes."""
    return can_set_up(staff, meeting.location_id) or staff.pk in (meeting.facilitator_id, meeting.writer_id)


def can_write_procedure(staff: Staff, procedure: Procedure) -> bool:
    """Write it anew, say that it is still true: whoever keeps it, managers of its place; of all, administrators."""
    if procedure.location_id is None:
        return staff.sees_all or staff.pk == procedure.responsible_id
    return can_set_up(staff, procedure.location_id) or staff.pk == procedure.responsible_id


def can_change_view(staff: Staff, view: SavedView) -> bool:
    """Name, share, ask for something else, delete: one's own, managers what is shared; nobody what was shipped."""
    return view.owner_id is not None and (view.owner_id == staff.pk or (view.is_shared and staff.is_manager))


RESUME = "resume"  # in the address of a page whose form could not be sent: it goes on where it was


def _where_they_were(request: HttpRequest) -> str:
    """Where signing in leads to: what was asked for; for a form that was sent, the page it stood on."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    page = urlsplit(request.headers.get("Referer", ""))
    is_ours = url_has_allowed_host_and_scheme(page.geturl(), {request.get_host()}, require_https=request.is_secure())
    if not page.path or not is_ours:
        return "/"
    if RESUME in page.query:
        return f"{page.path}?{page.query}"
    return f"{page.path}?{page.query}&{RESUME}" if page.query else f"{page.path}?{RESUME}"


def without_a_trace(view: View) -> View:
    """No line in the log says that somebody asked for this page or sent its form: see docs/practice.md."""
    view.leaves_no_line = True  # type: ignore[attr-defined]
    return view


def leave_no_line(request: HttpRequest) -> None:
    """The same for this one request."""
    request.leaves_no_line = True  # type: ignore[attr-defined]


def _allowing(test: Callable[[Staff], bool]) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                asked = urlencode({"next": _where_they_were(request)}, safe="/")
                return redirect(f"{resolve_url(settings.LOGIN_URL)}?{asked}")
            if not test(request.user):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.allows = test  # type: ignore[attr-defined]
        return guarded

    decorate.allows = test  # type: ignore[attr-defined]
    return decorate


# The desk decorators: every view carries one of them, or is listed as public in the tests.
desk = _allowing(lambda staff: True)
managers = _allowing(lambda staff: staff.is_manager)
administrators = _allowing(can_administer)
