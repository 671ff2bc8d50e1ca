"""One concept a file; import from here."""

from incidents.models.catalogue import (
    Category,
    CategoryField,
    CostKind,
    FieldKind,
    RemedyNature,
    RemedyType,
)
from incidents.models.customer import (
    Account,
    ContactKind,
    ContactPoint,
    Customer,
    normalize_contact,
    normalize_phone,
)
from incidents.models.followup import Attempt, Deadline, FollowUp
from incidents.models.incident import Concern, Incident, ReferenceCounter, ReviewState
from incidents.models.job import Job, JobKind, JobState
from incidents.models.notice import Notice, NoticeKind, NoticeReason
from incidents.models.outbox import (
    HoldReason,
    Outbox,
    OutboxChannel,
    OutboxHold,
    OutboxLine,
    OutboxState,
)
from incidents.models.recovery import Apology, Closure, Handover, PromiseMade, Remedy, Round
from incidents.models.reminder import SWEEP, ClockGap, Heartbeat, Reminder, ReminderKind, ReminderState
from incidents.models.staff import Business, Location, Membership, Staff, Theme
from incidents.models.timeline import Attachment, AttachmentKind, Draft, Event, Note

__all__ = [
    "SWEEP",
    "Account",
    "Apology",
    "Attachment",
    "AttachmentKind",
    "Attempt",
    "Business",
    "Category",
    "CategoryField",
    "ClockGap",
    "Closure",
    "Concern",
    "ContactKind",
    "ContactPoint",
    "CostKind",
    "Customer",
    "Deadline",
    "Draft",
    "Event",
    "FieldKind",
    "FollowUp",
    "Handover",
    "Heartbeat",
    "HoldReason",
    "Incident",
    "Job",
    "JobKind",
    "JobState",
    "Location",
    "Membership",
    "Note",
    "Notice",
    "NoticeKind",
    "NoticeReason",
    "Outbox",
    "OutboxChannel",
    "OutboxHold",
    "OutboxLine",
    "OutboxState",
    "PromiseMade",
    "ReferenceCounter",
    "Remedy",
    "RemedyNature",
    "RemedyType",
    "Reminder",
    "ReminderKind",
    "ReminderState",
    "ReviewState",
    "Round",
    "Staff",
    "Theme",
    "normalize_contact",
    "normalize_phone",
]
