"""What goes out of the house: one row per message, sent at least once."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from incidents.models.base import LINE, SHORT, one_of, within_bounds
from incidents.models.job import Job
from incidents.models.notice import Notice
from incidents.models.staff import Staff

# Seconds to wait after the first, second … try that did not get through; after the last one it is dead.
WAIT = (15, 60, 300, 900, 3600, 3 * 3600, 8 * 3600)
OFTEN = 4  # tries: between the first and this one lie more than six minutes


class OutboxChannel(models.TextChoices):
    EMAIL = "email", _("E-mail")


class OutboxState(models.TextChoices):
    PENDING = "pending", _("Waiting")
    CLAIMED = "claimed", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Refused by the other side")
    DEAD = "dead", _("Given up")
    MOOT = "moot", _("No longer needed")


class Outbox(models.Model):
    """One message to one person. *Failed*: refused for good. *Dead*: tried until the tries were used up."""

    channel = models.CharField(max_length=8, choices=OutboxChannel.choices)
    recipient = models.ForeignKey(Staff, models.CASCADE, related_name="+")
    dedupe_key = models.CharField(max_length=SHORT, unique=True)
    notices: models.ManyToManyField[Notice, OutboxLine] = models.ManyToManyField(
        Notice, through="OutboxLine", related_name="messages"
    )
    # A message that may be joined by later notices until it leaves. Urgent ones leave alone and at once.
    is_digest = models.BooleanField(default=True)
    # Of long work on many: it carries all that this one is told of it, and waits until the work has ended.
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+", db_index=False)
    state = models.CharField(max_length=8, choices=OutboxState.choices, default=OutboxState.PENDING)
    created_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=LINE, blank=True)

    class Meta:
        constraints: ClassVar = [
            one_of("outbox", "channel", OutboxChannel),
            one_of("outbox", "state", OutboxState),
            within_bounds("outbox", "created_at", "next_try_at", "sent_at"),
            models.CheckConstraint(
                condition=~models.Q(state="claimed") | models.Q(lease_until__isnull=False),
                name="outbox_claim_has_lease",
            ),
            models.CheckConstraint(
                condition=models.Q(state="sent", sent_at__isnull=False) | ~models.Q(state="sent"),
                name="outbox_sent_has_a_time",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_try_at", "id"],
                condition=models.Q(state__in=["claimed", "pending"]),
                name="outbox_to_send",
            ),
            models.Index(
                fields=["recipient", "channel"],
                condition=models.Q(state="pending"),
                name="outbox_waiting_by_person",
            ),
            models.Index(fields=["state", "-id"], name="outbox_by_state"),
            models.Index(
                fields=["next_try_at"],
                condition=models.Q(state__in=["claimed", "pending"], tries__gte=OFTEN),
                name="outbox_tried_often",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.pk}: {self.state}"


class OutboxLine(models.Model):
    """A notice that a message carries; each notice in one message of a channel only."""

    message = models.ForeignKey(Outbox, models.CASCADE, related_name="lines")
    notice = models.ForeignKey(Notice, models.CASCADE, related_name="+")
    channel = models.CharField(max_length=8, choices=OutboxChannel.choices)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["notice", "channel"], name="outboxline_notice_once"),
            one_of("outboxline", "channel", OutboxChannel),
        ]

    def __str__(self) -> str:
        return f"{self.message_id}: {self.notice_id}"


class HoldReason(models.TextChoices):
    RESTORED = "restored", _("The data come from a backup")
    PAUSED = "paused", _("Paused by an administrator")


class OutboxHold(models.Model):
    """While this row exists nothing leaves the house. The inbox goes on."""

    is_only = models.BooleanField(default=True, editable=False, unique=True)
    since = models.DateTimeField()
    reason = models.CharField(max_length=8, choices=HoldReason.choices)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(is_only=True), name="outboxhold_only_one"),
            one_of("outboxhold", "reason", HoldReason),
        ]

    def __str__(self) -> str:
        return f"{self.reason} since {self.since:%Y-%m-%d %H:%M}"
