"""The operator's view of the rows. State is read here, never written: that is for the actions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import reduce
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

from incidents.models import (
    Account,
    Apology,
    ApprovalRequest,
    Attachment,
    Attempt,
    Business,
    Category,
    CategoryField,
    Closure,
    Customer,
    Deadline,
    Event,
    FollowUp,
    Handover,
    Heartbeat,
    Incident,
    Location,
    Note,
    Notice,
    PromiseMade,
    Remedy,
    RemedyType,
    Reminder,
    Round,
    Staff,
)
from incidents.models.notice import PRIVATE

# Is told of the incidents whose rows somebody opens here; set by the views, since whoever reads cannot write.
on_reading: list[Callable[[HttpRequest, Iterable[Incident]], object]] = []


class ReadOnlyAdmin(admin.ModelAdmin[Model]):
    """To look at. Nothing is added, changed or deleted here."""

    list_per_page = 50
    show_full_result_count = False
    of_incident = ""  # the way from a row to its incident

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def read(self, request: HttpRequest, rows: Iterable[Any]) -> None:
        """Say whose rows are read."""
        incidents = [reduce(getattr, filter(None, self.of_incident.split("__")), row) for row in rows]
        for tell in on_reading:
            tell(request, [incident for incident in incidents if isinstance(incident, Incident)])

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        found = super().get_object(request, object_id, from_field)
        self.read(request, [found] if found is not None else [])
        return found


@admin.register(Incident)
class IncidentAdmin(ReadOnlyAdmin):
    list_display = ("reference", "location", "category", "customer", "assignee", "stage", "round_number", "next_due_at")
    list_filter = ("stage", "location", "severity", "close_reason", "is_restricted")
    list_select_related = ("location", "category", "customer", "assignee")
    search_fields = ("reference", "customer__sort_name")
    date_hierarchy = "created_at"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return Incident.objects.visible_to(request.user).order_by("-created_at", "-id")  # type: ignore[arg-type]


@admin.register(
    Apology,
    ApprovalRequest,
    Attachment,
    Closure,
    Deadline,
    Event,
    FollowUp,
    Handover,
    Note,
    Notice,
    PromiseMade,
    Remedy,
    Reminder,
    Round,
)
class HangingAdmin(ReadOnlyAdmin):
    """What hangs on an incident is seen by whoever sees the incident; what hangs on none, by all who get in here."""

    list_display: tuple[str, ...] = ("__str__", "incident")
    list_select_related: ClassVar[tuple[str, ...]] = ("incident",)
    of_incident = "incident"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request).order_by("-pk")
        if self.model is Event:
            rows = rows.exclude(incident__isnull=True)
        if self.model is Notice:
            rows = rows.exclude(kind__in=PRIVATE)
        seen = Q(**{f"{self.of_incident}__in": Incident.objects.visible_to(request.user)})  # type: ignore[arg-type]
        if self.model in (Notice, Reminder):
            seen |= Q(incident=None)  # of what is learned
        return rows.filter(seen)

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Of these the list shows words too."""
        found = super().get_changelist_instance(request)
        self.read(request, found.result_list)
        return found


@admin.register(Attempt)
class AttemptAdmin(HangingAdmin):
    list_display = ("__str__", "at", "by")
    list_select_related = ("follow_up__incident", "by")
    of_incident = "follow_up__incident"


@admin.register(Business, Heartbeat)
class PlainAdmin(ReadOnlyAdmin):
    pass


@admin.register(Customer)
class CustomerAdmin(ReadOnlyAdmin):
    list_display = ("name", "account", "created_at")
    list_select_related = ("account",)
    search_fields = ("sort_name",)


@admin.register(Account, Location)
class NamedAdmin(ReadOnlyAdmin):
    search_fields = ("name",)


@admin.register(Staff)
class StaffAdmin(ReadOnlyAdmin):
    """People are added, changed and let go on the staff page, which hands their work over."""

    list_display = ("name", "email", "role", "is_active", "last_login")
    list_filter = ("role", "is_active")
    search_fields = ("sort_name", "email")
    exclude = ("password", "groups", "user_permissions")


class CatalogueAdmin(ReadOnlyAdmin):
    """Catalogues are set up on pages of their own, where a question that changes becomes a new version."""

    list_display: tuple[str, ...] = ("__str__", "key", "position", "is_active")
    list_filter: ClassVar[tuple[str, ...]] = ("is_active",)


admin.site.register(Category, CatalogueAdmin)
admin.site.register(RemedyType, CatalogueAdmin)


@admin.register(CategoryField)
class CategoryFieldAdmin(CatalogueAdmin):
    list_display = ("__str__", "category", "kind", "version", "is_active")
    list_filter = ("category", "is_active")
    list_select_related = ("category",)
