"""Roles, who may see what, who may do what.

`visible_to()` is the only way to incidents; everything else here answers yes or no about
one person and one thing. Imports no model: it works on the querysets it is handed.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

from django.apps import apps
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet, TextChoices
from django.db.models.expressions import Combinable
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from incidents.models import Incident, Staff


class StaffRequest(HttpRequest):
    """A request of somebody who signed in."""

    user: Staff


Many = TypeVar("Many", bound="QuerySet[Any]")
View = Callable[..., HttpResponseBase]


class Role(TextChoices):
    FRONT_DESK = "front_desk", _("Front desk")
    MANAGER = "manager", _("Manager")
    ADMINISTRATOR = "administrator", _("Administrator")


def visible_to(incidents: Many, staff: Staff) -> Many:
    """Only the incidents `staff` may see.

    Administrators see all places, the others their own. A restricted incident is for the
    managers of its place and for administrators; whoever logged it, has it or has a step of
    it sees it too; a person named as concerned never does, and when a manager is concerned
    only administrators do.
    """
    model = apps.get_model
    named = model("incidents", "Concern").objects.filter(incident=OuterRef("pk"))
    hidden = Q(is_restricted=True) & Exists(named.filter(staff=staff))
    if staff.sees_all:
        return incidents.exclude(hidden)
    steps: Combinable | Q = Q(logged_by=staff) | Q(assignee=staff)
    for step in ("FollowUp", "Remedy", "PromiseMade"):
        steps |= Exists(model("incidents", step).objects.filter(incident=OuterRef("pk"), assignee=staff))
    allowed: Combinable | Q = Q(is_restricted=False) | steps
    if staff.role == Role.MANAGER:
        allowed |= ~Exists(named.exclude(staff__role=Role.FRONT_DESK))
    return incidents.filter(allowed, location__in=staff.location_ids).exclude(hidden)


def can_read_whole(staff: Staff, incident: Incident) -> bool:
    """Whether the story, money and notes show, or (restricted) only one's own part."""
    return not incident.is_restricted or staff.is_manager or incident.assignee_id == staff.pk


def can_read_private_words(staff: Staff) -> bool:
    """Fields marked private, such as the words used to a customer."""
    return staff.is_manager


def can_void(staff: Staff, incident: Incident) -> bool:
    return staff.is_manager


def can_withdraw(staff: Staff, incident: Incident) -> bool:
    return staff.is_manager or incident.assignee_id == staff.pk


def can_administer(staff: Staff) -> bool:
    return staff.role == Role.ADMINISTRATOR


def _allowing(test: Callable[[Staff], bool]) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @wraps(view)
        @login_required
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not test(request.user):  # type: ignore[arg-type]
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate


# The desk decorators: every view carries one of them, or is listed as public in the tests.
desk = _allowing(lambda staff: True)
managers = _allowing(lambda staff: staff.is_manager)
administrators = _allowing(can_administer)
