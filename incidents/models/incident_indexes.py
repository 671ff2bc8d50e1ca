"""Along what incidents are found: an index for each order and each question that pages ask."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models

from incidents.vocabulary import Raised

# What is counted where nobody's name has to be looked at.
COUNTED = models.Q(is_restricted=False) & ~models.Q(close_reason__in=("void", "duplicate"))
WORDS = "incidents_words"  # the text search configuration: no accents, no case, no language
PENDING = 256  # kB of what is new that an index of words lets gather; every search reads it from end to end

INDEXES: list[models.Index] = [
    models.Index(fields=["next_due_at", "id"], condition=models.Q(closed_at__isnull=True), name="incident_open_by_due"),
    models.Index(
        # With what says who may see it: what is open is counted along it alone.
        fields=["location", "next_due_at", "id"],
        include=["is_restricted", "logged_by", "assignee"],
        condition=models.Q(closed_at__isnull=True),
        name="incident_open_with_who",
    ),
    models.Index(
        fields=["assignee", "next_due_at", "id"],
        condition=models.Q(closed_at__isnull=True),
        name="incident_open_by_assignee",
    ),
    models.Index(fields=["customer"], condition=models.Q(closed_at__isnull=True), name="incident_open_by_customer"),
    models.Index(
        fields=["severity", "next_due_at", "id"],
        condition=models.Q(closed_at__isnull=True),
        name="incident_open_by_severity",
    ),
    models.Index(
        fields=["stage", "next_due_at", "id"],
        condition=models.Q(closed_at__isnull=True),
        name="incident_open_by_stage",
    ),
    models.Index(
        fields=["stage", "next_due_at", "id"],
        condition=models.Q(waiting_until__isnull=False),
        name="incident_waiting_by_stage",
    ),
    models.Index(fields=["reported_at", "category"], name="incident_by_report"),
    models.Index(fields=["-id"], condition=models.Q(review_state="to_review"), name="incident_to_review"),
    models.Index(
        fields=["next_due_at", "id"],
        condition=models.Q(closed_at__isnull=True, round_number__gt=1),
        name="incident_open_again",
    ),
    models.Index(
        fields=["reported_at", "id"],
        condition=models.Q(closed_at__isnull=True),
        name="incident_open_by_report",
    ),
    models.Index(
        fields=["next_due_at", "id"],
        condition=models.Q(closed_at__isnull=True, reopen_count__gte=2),
        name="incident_reopened_often",
    ),
    models.Index(
        fields=["next_due_at", "id"],
        condition=models.Q(closed_at__isnull=True, is_restricted=True),
        name="incident_open_restricted",
    ),
    models.Index(
        fields=["-closed_at", "-id"],
        condition=models.Q(closed_at__isnull=False),
        name="incident_closed_newest",
    ),
    models.Index(fields=["customer", "-reported_at"], name="incident_by_customer"),
    models.Index(fields=["-created_at", "-id"], name="incident_newest"),
    models.Index(fields=["arose_from"], condition=models.Q(arose_from__isnull=False), name="incident_by_its_origin"),
    GinIndex(
        fields=["what_happened"],
        opclasses=["gin_trgm_ops"],
        gin_pending_list_limit=PENDING,
        name="incident_story_trgm",
    ),
    GinIndex(
        fields=["customer_hint", "reference"],
        opclasses=["gin_trgm_ops", "gin_trgm_ops"],
        gin_pending_list_limit=PENDING,
        name="incident_words_trgm",
    ),
    GinIndex(
        fields=["order_reference"],
        opclasses=["gin_trgm_ops"],
        condition=~models.Q(order_reference=""),
        name="incident_order_trgm",
    ),
    models.Index(fields=["order_reference"], condition=~models.Q(order_reference=""), name="incident_by_order"),
    models.Index(
        fields=["category", "severity", "-closed_at"],
        condition=models.Q(closed_at__isnull=False),
        name="incident_ended_alike",
    ),
    models.Index(
        fields=["category", "severity", "-closed_at"],
        condition=models.Q(closed_at__isnull=False, raised_by=Raised.UNHAPPY),
        name="incident_ended_after_unhappy",
    ),
    models.Index(
        fields=["reported_at"],
        include=["id", "location", "category", "root_cause", "customer", "item", "place"],
        condition=COUNTED,
        name="incident_counted",
    ),
    models.Index(
        fields=["category", "reported_at"], include=["location"], condition=COUNTED, name="incident_counted_category"
    ),
    models.Index(
        fields=["root_cause", "reported_at"],
        include=["location"],
        condition=COUNTED & models.Q(root_cause__isnull=False),
        name="incident_counted_cause",
    ),
    models.Index(
        fields=["item", "reported_at"],
        include=["location"],
        condition=COUNTED & ~models.Q(item=""),
        name="incident_counted_item",
    ),
    models.Index(
        fields=["place", "reported_at"],
        include=["location"],
        condition=COUNTED & ~models.Q(place=""),
        name="incident_counted_place",
    ),
    models.Index(
        fields=["location", "reported_at"],
        condition=models.Q(is_restricted=True),
        name="incident_restricted_when",
    ),
    GinIndex(SearchVector("what_happened", config=WORDS), gin_pending_list_limit=PENDING, name="incident_story_words"),
]
